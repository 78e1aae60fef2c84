#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/point_cloud.h"

namespace vitreous {

/// An object made of parts, with or without something around it, as points on their surfaces.
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
/// What a shape of a class is made of: of a chair "seat", "back", "leg", "arm" and, as in every
/// class the last one, "background". Not every shape has all of them. label: below
/// shapeClasses().size().
const std::vector<std::string>& shapeParts(int label);

/// A shape of that class: primitives of random proportions, sampled uniformly by area, inner
/// surfaces too. Of every second one a part, up to a half, is cut off by a plane, as if it had not
/// been scanned; three of five stand on a piece of floor or among other things, which have up to
/// three tenths of the points. Turned about the up axis, y; noise on every point. points: at least
/// 1, in no order. The object is about 1 in size.
Shape makeShape(int label, const ShapeKey& key, std::size_t points);

} // namespace vitreous
