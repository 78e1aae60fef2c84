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

/// Of some points, the median distance to the neighbour of that number; of large clouds among some
/// of the points, as if they lay on a surface. 0 where there are too few.
double neighborDistance(const PointCloud& cloud) {
    constexpr std::size_t number = 6;
    constexpr std::size_t asked = 200;
    constexpr std::size_t most_neighbors = 100'000;
    const std::size_t points = cloud.size();
    const std::size_t step = (points + most_neighbors - 1) / most_neighbors;
    if (points / std::max<std::size_t>(step, 1) <= number) {
        return 0.0;
    }
    std::vector<float> distances;
    std::vector<float> found;
    const std::size_t stride = std::max<std::size_t>(points / asked, 1);
    for (std::size_t from = 0; from < points; from += stride) {
        const float* at = &cloud.positions[3 * from];
        distances.clear();
        for (std::size_t to = 0; to < points; to += step) {
            const float x = cloud.positions[3 * to] - at[0];
            const float y = cloud.positions[3 * to + 1] - at[1];
            const float z = cloud.positions[3 * to + 2] - at[2];
            distances.push_back(x * x + y * y + z * z);
        }
        const auto nth = distances.begin() + std::ptrdiff_t(number);
        std::nth_element(distances.begin(), nth, distances.end());
        found.push_back(*nth);
    }
    const auto middle = found.begin() + std::ptrdiff_t(found.size() / 2);
    std::nth_element(found.begin(), middle, found.end());
    return std::sqrt(double(*middle) / double(step));
}

} // namespace

CloudShape shapeOf(std::shared_ptr<const PointCloud> cloud, const UnitSphere& sphere) {
    CloudShape shape{std::move(cloud), sphere, {}};
    shape.bounds = boundsOf(*shape.cloud, sphere);
    constexpr double least = 1e-4;
    constexpr double most = 0.2;
    const double distance =
        sphere.radius > 0.0 ? neighborDistance(*shape.cloud) / sphere.radius : 0.0;
    if (distance > least) {
        shape.point_size = std::min(distance, most);
    }
    return shape;
}

} // namespace vitreous
