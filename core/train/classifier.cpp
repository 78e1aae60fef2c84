#include "core/train/classifier.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/argmax.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/log_softmax.h>

#include "core/nn/vit.h"
#include "core/train/gradient.h"
#include "core/train/training_memory.h"

namespace vitreous {
namespace {

at::Tensor logitsOf(const TrainingModel& model, const at::Tensor& images) {
    const Vit vit(model.config, model.parameters, [](double) {});
    return vit.forward(images, nullptr).to(at::kFloat);
}

std::int64_t countCorrect(const at::Tensor& logits, const int* labels) {
    const at::Tensor chosen = at::argmax(logits.detach(), 1).to(at::kCPU);
    const auto* values = chosen.data_ptr<std::int64_t>();
    std::int64_t correct = 0;
    for (std::int64_t i = 0; i < chosen.numel(); ++i) {
        correct += values[i] == labels[i] ? 1 : 0;
    }
    return correct;
}

/// Pictures of one shard; all of them on a GPU.
std::int64_t shardSize(std::int64_t pictures, const ModelConfig& config, const Place& place) {
    return place.device.is_cpu() ? std::max<std::int64_t>(1, shardTokens / config.tokens())
                                 : pictures;
}

ShardPlan planFor(std::int64_t pictures, std::int64_t size, const Place& place) {
    return {.shards = (pictures + size - 1) / size, .mixed = place.mixed, .device = place.device};
}

/// The shard's part of that many pictures.
struct Part {
    std::int64_t begin = 0;
    std::int64_t end = 0;
};

Part partOf(std::int64_t shard, std::int64_t size, std::int64_t pictures) {
    return {shard * size, std::min(pictures, (shard + 1) * size)};
}

Score sumOf(const std::vector<Score>& parts) {
    Score sum;
    for (const Score& part : parts) {
        sum += part;
    }
    return sum;
}

} // namespace

Score trainStep(
    const TrainingModel& model,
    AdamW& optimizer,
    const Batch& batch,
    const StepSize& size,
    const Place& place) {
    const std::int64_t count = batch.images.size(0);
    const at::Tensor images = batch.images.to(place.device);
    const at::Tensor targets = batch.targets.to(place.device);
    const std::int64_t most = shardSize(count, model.config, place);
    const ShardPlan plan = planFor(count, most, place);
    std::vector<Score> scores(static_cast<std::size_t>(plan.shards));
    const std::vector<at::Tensor> gradients =
        shardedGradients(model.parameters.trained(), plan, [&](std::int64_t shard) {
            const Part part = partOf(shard, most, count);
            const at::Tensor logits = logitsOf(model, images.slice(0, part.begin, part.end));
            const at::Tensor loss =
                -(targets.slice(0, part.begin, part.end) * at::log_softmax(logits, 1)).sum();
            scores[static_cast<std::size_t>(shard)] = {
                loss.item<double>(), countCorrect(logits, batch.labels.data() + part.begin),
                part.end - part.begin};
            return loss / double(count);
        });
    Score score = sumOf(scores);
    if (!std::isfinite(score.loss) ||
        !std::isfinite(optimizer.step(gradients, size.learning_rate, size.clip))) {
        score.loss = std::numeric_limits<double>::quiet_NaN();
    }
    return score;
}

Score testScore(
    const TrainingModel& model,
    const TestSet& test,
    const Place& place,
    const Task& task) {
    const auto count = std::int64_t(
        test.limit > 0 ? std::min(std::size_t(test.limit), test.pictures.size())
                       : test.pictures.size());
    constexpr std::int64_t group = 64; // between two looks at the stop request
    Score sum;
    for (std::int64_t first = 0; first < count; first += group) {
        task.checkStop();
        const std::int64_t many = std::min(group, count - first);
        const std::int64_t most = shardSize(many, model.config, place);
        const ShardPlan plan = planFor(many, most, place);
        std::vector<Score> scores(static_cast<std::size_t>(plan.shards));
        forEachShard(plan, [&](std::int64_t shard) {
            const at::NoGradGuard no_gradient;
            const Part part = partOf(shard, most, many);
            const std::int64_t size = part.end - part.begin;
            at::Tensor images =
                at::empty({size, 3, test.recipe.size, test.recipe.size}, at::kFloat);
            auto* values = images.data_ptr<float>();
            std::vector<int> labels;
            for (std::int64_t i = part.begin; i < part.end; ++i) {
                const auto index = std::size_t(first + i);
                const PreparedInput prepared = preprocess(
                    testPicture(test.pictures, test.recipe, index), model.config.preprocess);
                values =
                    std::copy(prepared.input.values.begin(), prepared.input.values.end(), values);
                labels.push_back(test.pictures.label(index));
            }
            const at::Tensor logits = logitsOf(model, images.to(place.device));
            const at::Tensor logs = at::log_softmax(logits, 1).to(at::kCPU);
            double loss = 0.0;
            for (std::int64_t i = 0; i < size; ++i) {
                loss -= logs[i][labels[std::size_t(i)]].item<double>();
            }
            scores[static_cast<std::size_t>(shard)] = {
                loss, countCorrect(logits, labels.data()), size};
        });
        sum += sumOf(scores);
    }
    return sum;
}

} // namespace vitreous
