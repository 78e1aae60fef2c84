#include "core/train/batch_loader.h"

#include <algorithm>
#include <chrono>

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>

#include "core/train/augment.h"
#include "core/train/random.h"
#include "core/train/samples.h"

namespace vitreous {
namespace {

constexpr std::size_t kAhead = 4;
constexpr std::uint64_t kMixKey = 3;

} // namespace

BatchLoader::BatchLoader(
    const LabelledData& data,
    const Recipe& recipe,
    std::uint64_t epoch,
    std::int64_t first)
    : data_(data), recipe_(recipe), epoch_(epoch), order_(epochOrder(data.size(), recipe, epoch)),
      batches_((std::int64_t(order_.size()) + recipe.batch - 1) / recipe.batch),
      thread_([this, first](const std::stop_token& stop) { work(stop, first); }) {}

Batch BatchLoader::prepare(std::int64_t number) const {
    const auto begin = static_cast<std::size_t>(number) * std::size_t(recipe_.batch);
    const std::size_t count = std::min(std::size_t(recipe_.batch), order_.size() - begin);
    const auto classes = std::int64_t(data_.classes().size());
    Batch batch;
    batch.targets = at::full(
        {std::int64_t(count), classes}, recipe_.label_smoothing / double(classes), at::kFloat);
    std::vector<Sample> samples;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t index = order_[begin + i];
        samples.push_back(data_.training(epoch_, index));
        batch.labels.push_back(data_.label(index));
        batch.targets.data_ptr<float>()[std::int64_t(i) * classes + batch.labels.back()] +=
            float(1.0 - recipe_.label_smoothing);
    }
    batch.inputs = batchOf(samples);
    if (recipe_.mixup > 0.0) {
        // One weight a batch, each picture with the one at the same place from the other end.
        Random random{recipe_.seed, kMixKey, epoch_, std::uint64_t(number)};
        const double weight = mixupWeight(recipe_.mixup, random);
        for (at::Tensor& images : batch.inputs) {
            images = images * weight + images.flip(0) * (1.0 - weight);
        }
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
