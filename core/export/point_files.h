#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/analysis/result.h"
#include "core/base/point_cloud.h"
#include "core/base/task.h"
#include "core/base/unit_sphere.h"
#include "core/media/colormap.h"
#include "core/points/group_weights.h"

namespace vitreous {

/// One raw value a group.
struct GroupMap {
    std::string name; ///< "magnitude/blocks.11"; of a head "cls_attention/blocks.11_head0"
    std::vector<float> values;

    friend bool operator==(const GroupMap&, const GroupMap&) = default;
};

/// The maps of a point cloud: magnitude, frequency, then attention as the mean over heads, each
/// in forward order. with_heads: every head of a block too, behind their mean, numbered from 0.
std::vector<GroupMap> groupMaps(const AnalysisResult& result, bool with_heads);

/// The map that colours a cloud where none is named: the last tap's magnitude, else its frequency,
/// else the last block's attention; empty where there is no map.
std::string defaultColoring(const AnalysisResult& result);

struct ColoredCloudOptions {
    std::string color_by{}; ///< the name of a map; empty: defaultColoring()
    GroupValues values = GroupValues::Weighted;
    Colormap colormap = Colormap::Viridis;
    /// What the ends of the colour map stand for; without: the map's smallest and largest finite
    /// value.
    std::optional<std::pair<float, float>> range{};
    /// Moves the cloud into the space of the group centres; without: the cloud's own unit sphere,
    /// as preprocessing has it.
    std::optional<UnitSphere> sphere{};
    std::string input_sha256{}; ///< empty: not known
};

/// Writes the whole cloud as a binary little-endian `.ply`, in blocks, whole or not at all. A
/// vertex has x, y, z as in the cloud's file (float, or double where the cloud has an origin), red,
/// green, blue of the map that colours, a float property for every map of groupMaps (without heads)
/// with its raw value there, and `group`, the nearest group. A property is named as its map with
/// what is no letter or digit as '_'; a comment tells the map's own name. A point whose groups have
/// no finite value is gray. Throws Error{Usage}: no such map; Error{Input}: a result without
/// groups; Error{Resource}, path last; Error{Interrupted}.
void writeColoredCloud(
    const std::filesystem::path& path,
    const PointCloud& cloud,
    const AnalysisResult& result,
    const ColoredCloudOptions& options,
    const Task& task = {});

/// Writes a row a group as comma-separated values under a header line, whole or not at all: group,
/// center_x, center_y, center_z (in the unit sphere, as in the `.npz`), then a column a map of
/// groupMaps with heads. Throws Error{Input}: a result without groups; Error{Resource}, path last;
/// Error{Interrupted}.
void writeCloudCsv(
    const std::filesystem::path& path,
    const AnalysisResult& result,
    const Task& task = {});

} // namespace vitreous
