#pragma once

#include <vector>

#include "widgets/grid_scene.h"
#include "widgets/value_extent.h"

namespace vitreous {

/// Smallest and largest finite value; 0..1 without any.
ValueRange extentOf(const std::vector<float>& values);
/// The same of the cell's values and of its map in all frames, where that counts.
ValueRange extentOf(const GridCell& cell);

/// The values at two percentiles (0..100) of the finite values, linear between neighbours; 0..1
/// without any. Source: numpy.percentile.
ValueRange percentilesOf(const std::vector<float>& values, const ValueRange& percentiles);

/// Gives every cell the range that scene.range asks for. symmetric: about 0, as wide as the
/// farthest end.
void setRanges(GridScene& scene, bool symmetric);

} // namespace vitreous
