#pragma once

#include <array>
#include <span>

namespace vitreous {

/// What moves a point cloud to the origin and scales it to 1.
struct UnitSphere {
    std::array<double, 3> center{}; ///< the centroid
    double radius = 1.0;            ///< the largest distance of a point from it

    friend bool operator==(const UnitSphere&, const UnitSphere&) = default;
};

/// xyz: 3 values a point. Radius 0 where all points are equal or there is none. Source:
/// analysis.md, Preprocessing.
UnitSphere unitSphereOf(std::span<const float> xyz);

} // namespace vitreous
