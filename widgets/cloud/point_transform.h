#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "widgets/cloud/cloud_camera.h"
#include "widgets/cloud/cloud_renderer.h"

namespace vitreous {

/// How many points are brought to the camera's space at once: as many as a core's first cache has
/// room for.
inline constexpr std::size_t block_points = 512;

/// Points in the camera's space: x to the right and y down in units of its pixels at depth 1,
/// depth along the line of sight.
struct SeenBlock {
    std::array<float, block_points> x;
    std::array<float, block_points> y;
    std::array<float, block_points> depth;
};

/// From a cloud's stored coordinates to the camera's space, in floats. They are taken relative to
/// the cloud's centre first, so that a cloud far from the origin loses nothing.
class PointTransform {
public:
    /// scale: pixels that a length of 1 takes at depth 1.
    PointTransform(const UnitSphere& sphere, const CloudProjection& projection, double scale);

    /// Every step-th point from `first` on, `count` of them, up to a block.
    void apply(
        const std::vector<float>& positions,
        std::size_t first,
        std::size_t step,
        std::size_t count,
        SeenBlock& seen) const;

private:
    std::array<float, 3> center_{};
    std::array<std::array<float, 4>, 3> rows_{}; ///< of x, y and depth
};

/// Of so many points every which one is taken, so that they are no more than `most`. 0: all.
std::size_t stepOver(std::size_t points, std::size_t most);

} // namespace vitreous
