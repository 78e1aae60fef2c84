#pragma once

#include <ATen/core/Tensor.h>

namespace vitreous {

/// A grid that positions are stored for.
struct PositionGrid {
    std::int64_t rows = 0;
    std::int64_t columns = 0;

    friend bool operator==(const PositionGrid&, const PositionGrid&) = default;
};

/// Positions of one grid, (1, rows * columns, width), for another: bicubic, as DeiT and timm do.
at::Tensor
resizePositions(const at::Tensor& stored, const PositionGrid& from, const PositionGrid& to);

/// The fixed positions of VideoMAE, (1, tokens, width), fp32 on the CPU: of channel j the sine, or
/// of odd channels the cosine, of token / 10000^(2 * floor(j / 2) / width).
/// Source: LM4VisualEncoding, get_sinusoid_encoding_table.
at::Tensor sinCosPositions(std::int64_t tokens, std::int64_t width);

} // namespace vitreous
