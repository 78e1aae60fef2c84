#pragma once

#include <array>
#include <cstddef>
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

/// A point of the cloud (3 values) in the space of the unit sphere; where the sphere has no radius,
/// its offset from the centre.
inline std::array<float, 3> placedIn(const UnitSphere& sphere, const float* xyz) {
    const double scale = sphere.radius > 0.0 ? sphere.radius : 1.0;
    std::array<float, 3> placed{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        placed[axis] = static_cast<float>((double(xyz[axis]) - sphere.center[axis]) / scale);
    }
    return placed;
}

} // namespace vitreous
