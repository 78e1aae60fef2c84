#include "core/nn/positions.h"

#include <cmath>

#include <ATen/ops/empty.h>
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

at::Tensor sinCosPositions(std::int64_t tokens, std::int64_t width) {
    at::Tensor positions = at::empty({1, tokens, width}, at::kFloat);
    auto* values = positions.data_ptr<float>();
    std::vector<double> periods;
    for (std::int64_t j = 0; j < width; ++j) {
        const std::int64_t pair = j / 2;
        periods.push_back(std::pow(10000.0, 2.0 * double(pair) / double(width)));
    }
    for (std::int64_t token = 0; token < tokens; ++token) {
        for (std::int64_t j = 0; j < width; ++j) {
            const double angle = double(token) / periods[std::size_t(j)];
            *values++ = float(j % 2 == 0 ? std::sin(angle) : std::cos(angle));
        }
    }
    return positions;
}

} // namespace vitreous
