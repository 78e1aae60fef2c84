#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/point_cloud.h"

namespace vitreous {

/// A shape made of parts, as points on their surfaces.
struct Shape {
    PointCloud cloud;
    std::vector<std::uint8_t> parts; ///< of each point, an index into shapeParts()
};

/// What makes a shape beside its class: every shape is decided by these numbers alone.
struct ShapeKey {
    std::uint64_t seed = 0;
    std::uint64_t epoch = 0; ///< training shows new shapes every epoch; tests: 0
    std::uint64_t item = 0;
};

/// "airplane", "bottle", ...: what makeShape() makes, by label.
const std::vector<std::string>& shapeClasses();
/// What a shape of a class is made of: of a chair "seat", "back", "leg", "arm". Not every shape has
/// all of them. label: below shapeClasses().size().
const std::vector<std::string>& shapeParts(int label);

/// A shape of that class: primitives of random proportions, sampled uniformly by area, inner
/// surfaces too; turned about the up axis, y; noise on every point; of every second shape a part,
/// up to two fifths, cut off by a plane, as if it had not been scanned. points: at least 1, in no
/// order. About 1 in size.
Shape makeShape(int label, const ShapeKey& key, std::size_t points);

} // namespace vitreous
