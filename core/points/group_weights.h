#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/base/array.h"
#include "core/base/point_cloud.h"
#include "core/base/task.h"
#include "core/base/unit_sphere.h"

namespace vitreous {

/// How the values of groups reach the points of a cloud.
enum class GroupValues {
    Weighted, ///< inverse-distance weights over the three nearest group centres
    Raw,      ///< each point takes its nearest group's value
};

/// "weighted", "raw": the names in options and provenance.
std::string_view name(GroupValues values);

/// How many group centres a point takes its value from.
inline constexpr std::size_t nearest_groups = 3;

/// The groups whose centres are nearest to a point, the nearest first, and their shares in its
/// value.
struct PointShares {
    std::array<std::uint32_t, nearest_groups> groups{};
    std::array<float, nearest_groups> shares{}; ///< their sum is 1; 0 where there are fewer groups
};

/// Inverse-distance weights over the three nearest centres: 1 / distance, brought to a sum of 1; a
/// point at a centre takes that group alone. centers: 3 values a group, at least one group; one
/// that is no number is never near.
PointShares sharesAt(const std::array<float, 3>& point, std::span<const float> centers);

/// The weighted mean of the groups' values. A group without a finite value counts for no point;
/// NaN where none of them has one.
float valueAt(const PointShares& point, std::span<const float> values);

/// The shares of all points of a cloud, small enough for millions. Immutable once made.
struct GroupWeights {
    Array centers; ///< (groups, 3), of the cloud in the unit sphere
    std::vector<std::array<std::uint16_t, nearest_groups>> groups; ///< one a point, nearest first
    /// One a point, in parts of 65535, which is their sum.
    std::vector<std::array<std::uint16_t, nearest_groups>> shares;

    [[nodiscard]] std::size_t groupCount() const { return centers.values.size() / 3; }
    /// What the values take in memory.
    [[nodiscard]] std::size_t bytes() const;
};

/// sphere: moves the cloud into the space of the centres. Runs on several threads; the task is told
/// on the caller's. Throws Error{Input}: no group or more than 65536; Error{Interrupted}.
GroupWeights weighGroups(
    const PointCloud& cloud,
    const UnitSphere& sphere,
    const Array& centers,
    const Task& task = {});

} // namespace vitreous
