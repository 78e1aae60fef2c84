#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "widgets/view_state.h"

namespace vitreous {

/// How many values lie in each of equally wide bins from range.low to range.high. The last bin has
/// its upper end too. Values outside and those that are no finite numbers do not count. Where low
/// and high are the same, all of that value are in the middle bin. bins: at least 1.
std::vector<std::size_t>
histogramOf(std::span<const float> values, const ValueRange& range, std::size_t bins);

/// A number of bins that shows the shape of so many values: about their square root, 8 to 32.
std::size_t binCount(std::size_t values);

} // namespace vitreous
