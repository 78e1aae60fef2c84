#include <algorithm>
#include <cmath>
#include <random>

#include "core/points/cloud_builder.h"

namespace vitreous {
namespace {

constexpr std::uint64_t kSeed = 20240613;

/// 0 <= value < 1, the same with every standard library, which std's distributions are not.
double uniform(std::mt19937_64& random) {
    return static_cast<double>(random() >> 11U) * 0x1p-53;
}

double areaOf(const PointCloud& cloud, const Triangle& triangle) {
    std::array<double, 3> u{};
    std::array<double, 3> v{};
    for (std::size_t i = 0; i < 3; ++i) {
        const double corner = cloud.positions[std::size_t{3} * triangle[0] + i];
        u[i] = cloud.positions[std::size_t{3} * triangle[1] + i] - corner;
        v[i] = cloud.positions[std::size_t{3} * triangle[2] + i] - corner;
    }
    return 0.5 *
           std::hypot(
               u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]);
}

/// The mean of a triangle's corners, weighted; values: 3 a vertex.
template <typename T>
double mixed(
    const std::vector<T>& values,
    const Triangle& triangle,
    const std::array<double, 3>& weights,
    std::size_t axis) {
    double sum = 0.0;
    for (std::size_t i = 0; i < 3; ++i) {
        sum += weights[i] * values[std::size_t{3} * triangle[i] + axis];
    }
    return sum;
}

} // namespace

PointCloud sampleFaces(
    const PointCloud& vertices,
    const std::vector<Triangle>& triangles,
    std::size_t points) {
    std::vector<double> sums; // area of the triangles up to each
    sums.reserve(triangles.size());
    double sum = 0.0;
    for (const Triangle& triangle : triangles) {
        const double area = areaOf(vertices, triangle);
        sum += std::isfinite(area) ? area : 0.0;
        sums.push_back(sum);
    }
    PointCloud cloud;
    cloud.origin = vertices.origin;
    cloud.dropped = vertices.dropped;
    if (!(sum > 0.0)) {
        return cloud;
    }
    std::mt19937_64 random(kSeed); // NOLINT(bugprone-random-generator-seed): the same points always
    for (std::size_t i = 0; i < points; ++i) {
        // Beyond the sum up to the first triangle with an area, never one without.
        const auto found = std::upper_bound(sums.begin(), sums.end(), uniform(random) * sum);
        const auto at = std::min(std::size_t(found - sums.begin()), triangles.size() - 1);
        const Triangle& triangle = triangles[at];
        const double root = std::sqrt(uniform(random));
        const double along = uniform(random);
        const std::array<double, 3> weights = {1.0 - root, root * (1.0 - along), root * along};
        for (std::size_t axis = 0; axis < 3; ++axis) {
            cloud.positions.push_back(
                static_cast<float>(mixed(vertices.positions, triangle, weights, axis)));
            if (!vertices.colors.empty()) {
                cloud.colors.push_back(static_cast<std::uint8_t>(
                    std::lround(mixed(vertices.colors, triangle, weights, axis))));
            }
        }
    }
    return cloud;
}

} // namespace vitreous
