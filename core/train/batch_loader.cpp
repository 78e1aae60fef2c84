#include "core/train/batch_loader.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>

#include "core/train/augment.h"
#include "core/train/random.h"
#include "core/train/training_model.h"

namespace vitreous {
namespace {

constexpr std::size_t kAhead = 4;
constexpr std::uint64_t kMixKey = 3;

/// Writes the picture's normalised values, channel by channel.
void writeNormalised(const Image& image, const PreprocessSpec& spec, float* values) {
    std::array<std::array<float, 256>, 3> table{};
    for (std::size_t channel = 0; channel < 3; ++channel) {
        for (std::size_t byte = 0; byte < 256; ++byte) {
            table[channel][byte] =
                (float(byte) / 255.0f - spec.mean[channel]) / spec.deviation[channel];
        }
    }
    const std::size_t pixels = image.pixels.size() / 3;
    for (std::size_t channel = 0; channel < 3; ++channel) {
        for (std::size_t i = 0; i < pixels; ++i) {
            values[channel * pixels + i] = table[channel][image.pixels[i * 3 + channel]];
        }
    }
}

} // namespace

BatchLoader::BatchLoader(
    const LabelledPictures& pictures,
    const Recipe& recipe,
    std::uint64_t epoch,
    std::int64_t first)
    : pictures_(pictures), recipe_(recipe), epoch_(epoch),
      order_(epochOrder(pictures.size(), recipe, epoch)),
      batches_((std::int64_t(order_.size()) + recipe.batch - 1) / recipe.batch),
      thread_([this, first](const std::stop_token& stop) { work(stop, first); }) {}

Batch BatchLoader::prepare(std::int64_t number) const {
    const auto begin = static_cast<std::size_t>(number) * std::size_t(recipe_.batch);
    const std::size_t count = std::min(std::size_t(recipe_.batch), order_.size() - begin);
    const auto classes = std::int64_t(pictures_.classes().size());
    Batch batch;
    batch.images = at::empty({std::int64_t(count), 3, recipe_.size, recipe_.size}, at::kFloat);
    batch.targets = at::full(
        {std::int64_t(count), classes}, recipe_.label_smoothing / double(classes), at::kFloat);
    const PreprocessSpec spec = trainingPreprocess(recipe_.size);
    const std::int64_t values = batch.images.numel() / std::int64_t(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t index = order_[begin + i];
        writeNormalised(
            trainingPicture(pictures_, recipe_, epoch_, index), spec,
            batch.images.data_ptr<float>() + std::int64_t(i) * values);
        batch.labels.push_back(pictures_.label(index));
        batch.targets.data_ptr<float>()[std::int64_t(i) * classes + batch.labels.back()] +=
            float(1.0 - recipe_.label_smoothing);
    }
    if (recipe_.mixup > 0.0) {
        // One weight a batch, each picture with the one at the same place from the other end.
        Random random{recipe_.seed, kMixKey, epoch_, std::uint64_t(number)};
        const double weight = mixupWeight(recipe_.mixup, random);
        batch.images = batch.images * weight + batch.images.flip(0) * (1.0 - weight);
        batch.targets = batch.targets * weight + batch.targets.flip(0) * (1.0 - weight);
    }
    return batch;
}

void BatchLoader::work(const std::stop_token& stop, std::int64_t first) {
    try {
        for (std::int64_t number = first; number < batches_; ++number) {
            Batch batch = prepare(number);
            std::unique_lock lock(mutex_);
            if (!changed_.wait(lock, stop, [this] { return ready_.size() < kAhead; })) {
                return;
            }
            ready_.push_back(std::move(batch));
            changed_.notify_all();
        }
    } catch (...) {
        const std::lock_guard lock(mutex_);
        failure_ = std::current_exception();
        changed_.notify_all();
    }
}

Batch BatchLoader::next() {
    const auto start = std::chrono::steady_clock::now();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !ready_.empty() || failure_; });
    if (ready_.empty()) {
        std::rethrow_exception(failure_);
    }
    if (first_taken_) {
        const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
        waited_ += spent.count();
    }
    first_taken_ = true;
    Batch batch = std::move(ready_.front());
    ready_.pop_front();
    changed_.notify_all();
    return batch;
}

} // namespace vitreous
