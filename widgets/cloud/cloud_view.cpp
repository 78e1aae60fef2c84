#include "widgets/cloud/cloud_view.h"

#include <algorithm>
#include <cmath>

namespace vitreous {

double usualPointSize(std::size_t points) {
    // A shape in the unit sphere has an area of about a sphere's with half its radius. Points lie
    // unevenly, so that discs have to overlap.
    constexpr double area = 3.0;
    constexpr double overlap = 1.45;
    return overlap * std::sqrt(area / static_cast<double>(std::max<std::size_t>(points, 1)));
}

} // namespace vitreous
