#include "core/nn/point_groups.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/base/error.h"
#include "core/base/unit_sphere.h"

namespace vitreous {
namespace {

float squaredDistance(const float* a, const float* b) {
    const float x = a[0] - b[0];
    const float y = a[1] - b[1];
    const float z = a[2] - b[2];
    return x * x + y * y + z * z;
}

void requireEnough(std::size_t points, const PointGrouping& grouping) {
    const auto needed = static_cast<std::size_t>(std::max(grouping.groups, grouping.group_size));
    if (points < needed) {
        throw Error(
            ErrorCode::Input, "expected at least " + std::to_string(needed) + " points (" +
                                  std::to_string(grouping.groups) + " groups of " +
                                  std::to_string(grouping.group_size) + "), found " +
                                  std::to_string(points));
    }
}

/// The group_size rows nearest to a centre, nearest first, the lower row of two as near.
void nearest(
    std::span<const float> xyz,
    const float* center,
    std::span<std::size_t> order,
    std::vector<float>& distances,
    int group_size) {
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
        distances[i] = squaredDistance(center, &xyz[3 * i]);
    }
    std::partial_sort(
        order.begin(), order.begin() + group_size, order.end(),
        [&distances](std::size_t a, std::size_t b) {
            return distances[a] != distances[b] ? distances[a] < distances[b] : a < b;
        });
}

} // namespace

std::vector<std::size_t>
farthestPoints(std::span<const float> xyz, std::size_t count, const Task& task) {
    constexpr float near_origin = 1e-3F;
    constexpr std::array<float, 3> origin{};
    const std::size_t points = xyz.size() / 3;
    std::vector<std::size_t> candidates;
    candidates.reserve(points);
    for (std::size_t i = 0; i < points; ++i) {
        if (squaredDistance(&xyz[3 * i], origin.data()) > near_origin) {
            candidates.push_back(i);
        }
    }
    std::vector<float> nearest_chosen(candidates.size(), 1e10F);
    std::vector<std::size_t> chosen;
    chosen.reserve(count);
    std::size_t last = 0;
    while (chosen.size() < count) {
        task.checkStop();
        task.report(double(chosen.size()) / double(count), "sampling points");
        chosen.push_back(last);
        const std::array<float, 3> from = {xyz[3 * last], xyz[3 * last + 1], xyz[3 * last + 2]};
        float farthest = -1.0F;
        last = 0;
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            const float distance =
                std::min(nearest_chosen[i], squaredDistance(from.data(), &xyz[3 * candidates[i]]));
            nearest_chosen[i] = distance;
            if (distance > farthest) {
                farthest = distance;
                last = candidates[i];
            }
        }
    }
    return chosen;
}

PointGroups groupPoints(const Array& cloud, const PointGrouping& grouping, const Task& task) {
    const std::span<const float> xyz = cloud.values;
    const std::size_t points = xyz.size() / 3;
    requireEnough(points, grouping);
    const std::int64_t groups = grouping.groups;
    const std::int64_t size = grouping.group_size;
    PointGroups result{{{groups, 3}, {}}, {{groups, size}, {}}, {{groups, size, 3}, {}}};
    std::vector<std::size_t> order(points);
    std::vector<float> distances(points);
    for (const std::size_t row : farthestPoints(xyz, static_cast<std::size_t>(groups), task)) {
        task.checkStop();
        const float* center = &xyz[3 * row];
        result.centers.values.insert(result.centers.values.end(), center, center + 3);
        nearest(xyz, center, order, distances, grouping.group_size);
        for (std::size_t k = 0; k < static_cast<std::size_t>(size); ++k) {
            result.members.values.push_back(float(order[k]));
            for (std::size_t axis = 0; axis < 3; ++axis) {
                result.neighborhoods.values.push_back(xyz[3 * order[k] + axis] - center[axis]);
            }
        }
    }
    return result;
}

Array preprocessPoints(
    std::span<const float> xyz,
    const PointGrouping& grouping,
    const Task& task) {
    const std::size_t points = xyz.size() / 3;
    requireEnough(points, grouping);
    const UnitSphere sphere = unitSphereOf(xyz);
    // What is left of equal coordinates after rounding is no shape.
    const double magnitude =
        std::abs(sphere.center[0]) + std::abs(sphere.center[1]) + std::abs(sphere.center[2]);
    if (!(sphere.radius > 1e-7 * magnitude) || !std::isfinite(sphere.radius)) {
        throw Error(
            ErrorCode::Input,
            "all " + std::to_string(points) + " points are equal, expected a shape");
    }
    std::vector<float> normalised(xyz.size());
    for (std::size_t i = 0; i < xyz.size(); ++i) {
        normalised[i] = static_cast<float>((double(xyz[i]) - sphere.center[i % 3]) / sphere.radius);
    }
    const auto most = static_cast<std::size_t>(grouping.points);
    if (points <= most) {
        return {{std::int64_t(points), 3}, std::move(normalised)};
    }
    Array sampled{{grouping.points, 3}, {}};
    sampled.values.reserve(most * 3);
    for (const std::size_t row : farthestPoints(normalised, most, task)) {
        sampled.values.insert(sampled.values.end(), &normalised[3 * row], &normalised[3 * row] + 3);
    }
    return sampled;
}

Array pointsFromTensor(const Array& input, const PointGrouping& grouping) {
    if (input.shape.size() != 2 || input.shape[1] != 3 ||
        std::int64_t(input.values.size()) != elementCount(input.shape)) {
        throw Error(
            ErrorCode::Input,
            "expected points of shape (N, 3), found a shape of " + shapeText(input.shape));
    }
    if (!std::all_of(input.values.begin(), input.values.end(), [](float value) {
            return std::isfinite(value);
        })) {
        throw Error(ErrorCode::Input, "the tensor holds NaN or infinite values");
    }
    requireEnough(input.values.size() / 3, grouping);
    constexpr std::int64_t most = 1 << 20;
    if (input.shape[0] > most) {
        throw Error(
            ErrorCode::Input, "expected at most " + std::to_string(most) +
                                  " preprocessed points, found " + std::to_string(input.shape[0]));
    }
    return input;
}

} // namespace vitreous
