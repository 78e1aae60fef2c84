#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "widgets/cloud/cloud_renderer.h"

namespace vitreous {
namespace {

/// In the space of the unit sphere.
CloudBounds boundsOf(const PointCloud& cloud, const UnitSphere& sphere) {
    CloudBounds bounds;
    const std::vector<float>& xyz = cloud.positions;
    if (xyz.size() < 3 || !(sphere.radius > 0.0)) {
        return bounds;
    }
    std::array<float, 3> low{};
    std::array<float, 3> high{};
    low.fill(std::numeric_limits<float>::infinity());
    high.fill(-std::numeric_limits<float>::infinity());
    for (std::size_t i = 0; i + 2 < xyz.size(); i += 3) {
        for (std::size_t axis = 0; axis < 3; ++axis) {
            low[axis] = std::min(low[axis], xyz[i + axis]);
            high[axis] = std::max(high[axis], xyz[i + axis]);
        }
    }
    std::array<double, 3> middle{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        middle[axis] = (double(low[axis]) + double(high[axis])) / 2.0;
        bounds.center[axis] = (middle[axis] - sphere.center[axis]) / sphere.radius;
    }
    double farthest = 0.0;
    for (std::size_t i = 0; i + 2 < xyz.size(); i += 3) {
        const double x = double(xyz[i]) - middle[0];
        const double y = double(xyz[i + 1]) - middle[1];
        const double z = double(xyz[i + 2]) - middle[2];
        farthest = std::max(farthest, x * x + y * y + z * z);
    }
    bounds.radius = std::max(std::sqrt(farthest) / sphere.radius, 1e-3);
    return bounds;
}

} // namespace

CloudShape shapeOf(std::shared_ptr<const PointCloud> cloud, const UnitSphere& sphere) {
    CloudShape shape{std::move(cloud), sphere, {}};
    shape.bounds = boundsOf(*shape.cloud, sphere);
    return shape;
}

} // namespace vitreous
