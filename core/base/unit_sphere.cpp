#include "core/base/unit_sphere.h"

#include <algorithm>
#include <cmath>

namespace vitreous {

UnitSphere unitSphereOf(std::span<const float> xyz) {
    UnitSphere sphere;
    sphere.radius = 0.0;
    const std::size_t points = xyz.size() / 3;
    if (points == 0) {
        return sphere;
    }
    for (std::size_t i = 0; i < 3 * points; ++i) {
        sphere.center[i % 3] += double(xyz[i]);
    }
    for (double& value : sphere.center) {
        value /= double(points);
    }
    for (std::size_t i = 0; i < points; ++i) {
        double squared = 0.0;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const double offset = double(xyz[3 * i + axis]) - sphere.center[axis];
            squared += offset * offset;
        }
        sphere.radius = std::max(sphere.radius, std::sqrt(squared));
    }
    return sphere;
}

} // namespace vitreous
