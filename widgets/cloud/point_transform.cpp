#include "widgets/cloud/point_transform.h"

#include <algorithm>

namespace vitreous {

std::size_t stepOver(std::size_t points, std::size_t most) {
    return most == 0 ? 1 : std::max<std::size_t>((points + most - 1) / most, 1);
}

PointTransform::PointTransform(
    const UnitSphere& sphere,
    const CloudProjection& projection,
    double scale) {
    const QMatrix4x4& matrix = projection.toCamera();
    // As placedIn() does it.
    const double radius = sphere.radius > 0.0 ? sphere.radius : 1.0;
    // y goes down and the camera looks along -z.
    const std::array<double, 3> factors = {scale, -scale, -1.0};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        center_[axis] = static_cast<float>(sphere.center[axis]);
    }
    for (std::size_t row = 0; row < 3; ++row) {
        double offset = double(matrix(int(row), 3));
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const double factor = double(matrix(int(row), int(axis))) / radius;
            offset += factor * (double(center_[axis]) - sphere.center[axis]);
            rows_[row][axis] = static_cast<float>(factor * factors[row]);
        }
        rows_[row][3] = static_cast<float>(offset * factors[row]);
    }
}

void PointTransform::apply(
    const std::vector<float>& positions,
    std::size_t first,
    std::size_t step,
    std::size_t count,
    SeenBlock& seen) const {
    // Apart first: so the compiler makes the arithmetic below vectors.
    const float* from = positions.data() + 3 * first;
    for (std::size_t i = 0; i < count; ++i, from += 3 * step) {
        seen.x[i] = from[0];
        seen.y[i] = from[1];
        seen.depth[i] = from[2];
    }
    const auto [across, down, along] = rows_;
    const auto [middle_x, middle_y, middle_z] = center_;
    for (std::size_t i = 0; i < count; ++i) {
        const float x = seen.x[i] - middle_x;
        const float y = seen.y[i] - middle_y;
        const float z = seen.depth[i] - middle_z;
        seen.x[i] = across[0] * x + across[1] * y + across[2] * z + across[3];
        seen.y[i] = down[0] * x + down[1] * y + down[2] * z + down[3];
        seen.depth[i] = along[0] * x + along[1] * y + along[2] * z + along[3];
    }
}

} // namespace vitreous
