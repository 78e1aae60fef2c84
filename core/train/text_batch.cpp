#include "core/train/text_batch.h"

#include <algorithm>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>

namespace vitreous {
namespace {

/// What fits into a core's cache, and enough for a matrix product to be fast.
constexpr std::int64_t sequences_a_shard = 4;
/// Windows between two looks at whether to stop.
constexpr std::size_t windows_at_once = 64;

/// Summed over the batch.
double
lossOf(const LanguageModelConfig& config, const TensorSource& parameters, const TextBatch& batch) {
    std::vector<double> losses(static_cast<std::size_t>(batch.plan().shards));
    forEachShard(batch.plan(), [&](std::int64_t shard) {
        const at::NoGradGuard no_gradient;
        losses[static_cast<std::size_t>(shard)] =
            LanguageModel(config, parameters).loss(batch.shard(shard)).item<double>();
    });
    double sum = 0.0;
    for (const double loss : losses) {
        sum += loss;
    }
    return sum;
}

} // namespace

TextBatch::TextBatch(
    std::string_view text,
    std::vector<std::size_t> starts,
    std::int64_t length,
    const Place& place)
    : text_(text), starts_(std::move(starts)), length_(length) {
    const auto count = static_cast<std::int64_t>(starts_.size());
    plan_.shards = place.device.is_cpu() ? (count + sequences_a_shard - 1) / sequences_a_shard : 1;
    plan_.mixed = place.mixed;
    plan_.device = place.device;
}

at::Tensor TextBatch::shard(std::int64_t index) const {
    const auto count = static_cast<std::int64_t>(starts_.size());
    const std::int64_t each = plan_.shards == 1 ? count : sequences_a_shard;
    const std::int64_t begin = index * each;
    const std::int64_t end = std::min(count, begin + each);
    const at::Tensor bytes = at::empty({end - begin, length_}, at::kLong);
    auto* values = bytes.data_ptr<std::int64_t>();
    for (std::int64_t i = begin; i < end; ++i) {
        const std::size_t start = starts_[static_cast<std::size_t>(i)];
        for (const char byte : text_.substr(start, static_cast<std::size_t>(length_))) {
            *values++ = static_cast<unsigned char>(byte);
        }
    }
    return bytes.to(plan_.device);
}

double textLoss(
    const LanguageModelConfig& config,
    const TensorSource& parameters,
    std::string_view text,
    const Place& place,
    const Task& task) {
    const auto context = static_cast<std::size_t>(config.context);
    const std::size_t predicted = text.size() - 1;
    const std::size_t whole = predicted / context;
    double sum = 0.0;
    for (std::size_t window = 0; window < whole; window += windows_at_once) {
        task.checkStop();
        std::vector<std::size_t> starts;
        for (std::size_t i = window; i < std::min(whole, window + windows_at_once); ++i) {
            starts.push_back(i * context);
        }
        sum += lossOf(config, parameters, {text, std::move(starts), config.context + 1, place});
    }
    if (const std::size_t rest = predicted % context; rest > 0) {
        const auto length = static_cast<std::int64_t>(rest + 1);
        sum += lossOf(config, parameters, {text, {whole * context}, length, place});
    }
    return sum / double(predicted);
}

} // namespace vitreous
