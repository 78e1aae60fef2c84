#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace vitreous {

/// What one attention layer gives.
struct AttentionResult {
    at::Tensor output; ///< (batch, heads, tokens, head size)
    at::Tensor
        rows; ///< (batch, heads, tokens), if asked for: the query row of token 0 after softmax
};

/// Whose attention row is asked for.
enum class QueryRow { None, First, Mean };

/// Softmax attention without a mask. q: (batch, heads, tokens, head size); k and v alike, with
/// heads that divide q's (grouped queries). The softmax is computed in fp32 where fp32_softmax. The
/// tokens x tokens matrix lives no longer than the call.
AttentionResult attend(
    const at::Tensor& q,
    const at::Tensor& k,
    const at::Tensor& v,
    QueryRow row,
    bool fp32_softmax);

} // namespace vitreous
