#pragma once

#include <ATen/core/Tensor.h>

namespace vitreous {

/// A grid of tokens.
struct TokenGrid {
    std::int64_t rows = 0;
    std::int64_t columns = 0;

    friend bool operator==(const TokenGrid&, const TokenGrid&) = default;
};

/// Positions of one grid, (1, rows * columns, width), for another: bicubic, as DeiT and timm do.
at::Tensor resizePositions(const at::Tensor& stored, const TokenGrid& from, const TokenGrid& to);

} // namespace vitreous
