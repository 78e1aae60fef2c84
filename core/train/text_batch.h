#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/base/task.h"
#include "core/train/classifier.h"
#include "core/train/gradient.h"
#include "core/train/language_model.h"

namespace vitreous {

/// Sequences out of a text, in shards that a core works on alone.
class TextBatch {
public:
    /// starts: of the sequences, in bytes; each has to have `length` bytes before the text's end,
    /// which has to outlive the batch.
    TextBatch(
        std::string_view text,
        std::vector<std::size_t> starts,
        std::int64_t length,
        const Place& place);

    [[nodiscard]] const ShardPlan& plan() const { return plan_; }
    /// (sequences, length), int64, on the device.
    [[nodiscard]] at::Tensor shard(std::int64_t index) const;

private:
    std::string_view text_;
    std::vector<std::size_t> starts_;
    std::int64_t length_;
    ShardPlan plan_;
};

/// Mean negative log-likelihood of every byte of the text but the first, in nats: in windows of the
/// context, one behind the other, each byte predicted once from those before it in its window.
/// text: at least two bytes. Throws Error{Interrupted} between windows.
double textLoss(
    const LanguageModelConfig& config,
    const TensorSource& parameters,
    std::string_view text,
    const Place& place,
    const Task& task);

} // namespace vitreous
