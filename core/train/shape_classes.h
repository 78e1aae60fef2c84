#pragma once

#include <string>
#include <vector>

#include "core/train/surfaces.h"

namespace vitreous {

/// A kind of shape that can be made.
struct ShapeClass {
    std::string name;
    std::vector<std::string> parts; ///< the last one is the background, which build() leaves out
    void (*build)(SurfaceList& list, Random& random); ///< upright, about 1 in size
};

/// What an object may stand on and among. floor: the height of its lowest point.
void buildBackground(SurfaceList& list, Random& random, double floor);

/// All of them, in the order of their labels.
const std::vector<ShapeClass>& shapeClassTable();

} // namespace vitreous
