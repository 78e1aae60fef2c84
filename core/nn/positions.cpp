#include "core/nn/positions.h"

#include <ATen/ops/upsample_bicubic2d.h>

namespace vitreous {

at::Tensor
resizePositions(const at::Tensor& stored, const PositionGrid& from, const PositionGrid& to) {
    if (from == to) {
        return stored;
    }
    const std::int64_t width = stored.size(2);
    const at::Tensor grid =
        stored.to(at::kFloat).reshape({1, from.rows, from.columns, width}).permute({0, 3, 1, 2});
    return at::upsample_bicubic2d(grid, {to.rows, to.columns}, /*align_corners=*/false)
        .permute({0, 2, 3, 1})
        .reshape({1, to.rows * to.columns, width})
        .to(stored.scalar_type());
}

} // namespace vitreous
