#pragma once

#include <string>
#include <vector>

#include "core/train/surfaces.h"

namespace vitreous {

/// A kind of shape that can be made.
struct ShapeClass {
    std::string name;
    std::vector<std::string> parts;
    void (*build)(SurfaceList& list, Random& random); ///< upright, about 1 in size
};

/// All of them, in the order of their labels.
const std::vector<ShapeClass>& shapeClassTable();

} // namespace vitreous
