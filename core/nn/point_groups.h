#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/base/array.h"
#include "core/base/task.h"

namespace vitreous {

/// How a point cloud is cut into tokens.
struct PointGrouping {
    int points = 1024;   ///< the cloud is sampled to at most so many
    int groups = 64;     ///< tokens
    int group_size = 32; ///< points a token

    friend bool operator==(const PointGrouping&, const PointGrouping&) = default;
};

/// A cloud cut into groups: the tokens of a point-cloud transformer.
struct PointGroups {
    Array centers;       ///< (groups, 3)
    Array members;       ///< (groups, group size): rows of the cloud, the nearest first
    Array neighborhoods; ///< (groups, group size, 3): positions relative to the group's centre

    friend bool operator==(const PointGroups&, const PointGroups&) = default;
};

/// Farthest-point sampling. xyz: 3 values a point. Returns the rows of count points: row 0, then
/// each time the point that is farthest from all before it, the first of several. As in the
/// reference, points with a squared norm of 0.001 or less are never chosen, other than row 0.
/// Stops between points. Source: analysis.md, Models; pointnet2_ops' furthest_point_sample.
std::vector<std::size_t>
farthestPoints(std::span<const float> xyz, std::size_t count, const Task& task = {});

/// Centres by farthest-point sampling, each with its group_size nearest points, itself among them.
/// cloud: (points, 3). Throws Error{Input} where there are fewer points than groups or than a group
/// has. Source: LM4VisualEncoding's Point-BERT, Group.
PointGroups groupPoints(const Array& cloud, const PointGrouping& grouping, const Task& task = {});

/// Moves the centroid to the origin, scales the farthest point to 1, and samples farthest points
/// where there are more than grouping.points. xyz: 3 values a point. Returns (points, 3). Throws
/// Error{Input}: fewer points than groups, all points equal. Source: analysis.md, Preprocessing.
Array preprocessPoints(
    std::span<const float> xyz,
    const PointGrouping& grouping,
    const Task& task = {});

/// Takes points that are preprocessed already. Throws Error{Input} where the shape is not
/// (points, 3), a value is no number, or there are fewer points than grouping needs.
Array pointsFromTensor(const Array& input, const PointGrouping& grouping);

} // namespace vitreous
