#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/train/labelled_data.h"

namespace vitreous {

/// What one training step works on.
struct Batch {
    SampleBatch inputs;      ///< fp32
    at::Tensor targets;      ///< (batch, classes), rows sum to 1: smoothed, mixed
    std::vector<int> labels; ///< of the first input of each mix
};

/// Prepares the batches of one epoch ahead of the step that uses them, in a thread of its own.
class BatchLoader {
public:
    /// first: the batch to begin with. The last batch of an epoch may be smaller.
    BatchLoader(
        const LabelledData& data,
        const Recipe& recipe,
        std::uint64_t epoch,
        std::int64_t first);
    BatchLoader(const BatchLoader&) = delete;
    BatchLoader& operator=(const BatchLoader&) = delete;

    /// The next batch. Throws what its preparation threw.
    Batch next();
    /// Seconds that next() has waited since the second batch; the first cannot be prepared ahead.
    [[nodiscard]] double waitedSeconds() const { return waited_; }
    [[nodiscard]] std::int64_t batches() const { return batches_; }

private:
    [[nodiscard]] Batch prepare(std::int64_t number) const;
    void work(const std::stop_token& stop, std::int64_t first);

    const LabelledData& data_;
    Recipe recipe_;
    std::uint64_t epoch_;
    std::vector<std::size_t> order_;
    std::int64_t batches_ = 0;
    double waited_ = 0.0;
    bool first_taken_ = false;

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<Batch> ready_;
    std::exception_ptr failure_;
    std::jthread thread_; // last: it ends before what it uses
};

} // namespace vitreous
