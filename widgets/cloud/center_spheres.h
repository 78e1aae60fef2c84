#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <QSize>

#include "core/points/group_weights.h"
#include "widgets/cloud/cloud_camera.h"
#include "widgets/cloud/relief.h"

namespace vitreous {

/// Of a group centre, in radii of the cloud.
inline constexpr double center_radius = 0.03;
/// What its colour is multiplied by where it is seen edge-on.
inline constexpr double center_least_light = 0.35;

/// Group centres as spheres in a view, lit from the camera.
class CenterSpheres {
public:
    CenterSpheres(const GroupWeights& weights, const CloudCamera& camera, QSize size);

    /// Where a sphere is the nearest its key takes the pixel: first + the group.
    void cover(std::span<SeenKey> keys, std::uint32_t first) const;

    /// What a sphere's colour is multiplied by at a pixel that it covers: 255 where it faces the
    /// camera.
    [[nodiscard]] std::uint8_t light(std::uint32_t group, int x, int y) const;

private:
    struct Sphere {
        CloudProjection::Place place;
        double radius = 0.0; ///< in pixels; 0: not seen
    };
    void coverOne(std::span<SeenKey> keys, const Sphere& sphere, std::uint32_t number) const;

    /// How much of the radius the sphere's surface is nearer than its middle; below 0 outside of
    /// it.
    static double nearness(const Sphere& sphere, int x, int y);

    QSize size_;
    Relief relief_;
    std::vector<Sphere> spheres_; ///< one a group
};

} // namespace vitreous
