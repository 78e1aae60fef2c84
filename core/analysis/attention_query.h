#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/array.h"
#include "core/base/index.h"

namespace vitreous {

/// What one block's attention compares: every token's query with every token's key.
struct AttentionBlock {
    std::string name; ///< canonical, as in AnalysisResult::blocks
    Array queries;    ///< (heads, all tokens, head size)
    Array keys;       ///< (kv heads, all tokens, head size); kv heads divide heads

    friend bool operator==(const AttentionBlock&, const AttentionBlock&) = default;
};

/// From what the attention of any token follows without another forward pass.
struct AttentionInputs {
    std::vector<AttentionBlock> blocks; ///< in forward order
    std::int64_t prefix_tokens = 0;     ///< CLS, distillation and register tokens, the first ones
    std::int64_t rows = 0;              ///< grid of the visual tokens behind them
    std::int64_t columns = 0;
    std::int64_t times = 0; ///< of a clip, whose tokens run over (times, rows, columns); else 0

    /// What the values take in memory.
    [[nodiscard]] std::size_t bytes() const;

    friend bool operator==(const AttentionInputs&, const AttentionInputs&) = default;
};

/// The softmax row of one query token in every head of a block. token: counts all tokens, prefix
/// tokens first. Returns (heads, all tokens), each head's sum is 1. In fp32 whatever precision the
/// model ran in. Throws Error{Usage} where there is no such token. Source: analysis.md, Maps.
Array attentionRow(const AttentionBlock& block, std::size_t token);

/// By block name, what a visual token attends to: its softmax rows over the visual tokens, (heads,
/// rows, columns), of a clip (heads, times, rows, columns). visual_token: row-major over the grid,
/// of a clip over (times, rows, columns). Not renormalised: the softmax runs over all tokens.
/// Throws Error{Usage} for a token outside the grid.
std::map<std::string, Array> attentionOf(const AttentionInputs& inputs, TokenIndex visual_token);

/// As attentionOf for a prefix token; 0 is CLS where the model has one, and these are its
/// cls_attention maps then. Throws Error{Usage} where there is no such prefix token.
std::map<std::string, Array> attentionOfPrefix(
    const AttentionInputs& inputs,
    std::size_t prefix_token);

} // namespace vitreous
