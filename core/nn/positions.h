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

} // namespace vitreous
