#pragma once

#include "core/points/group_weights.h"
#include "widgets/cloud/cloud_camera.h"

namespace vitreous {

/// What makes depth readable.
enum class CloudShading {
    EyeDome, ///< points behind an edge in depth are darkened
    None,
};

enum class CloudGround { Theme, White, Black };

/// How point clouds are shown. Part of the view's state.
struct CloudView {
    CloudCamera camera;
    GroupValues values = GroupValues::Weighted;
    bool shows_centers = false; ///< group centres as spheres
    double point_size =
        1.0; ///< diameter in parts of the usual one (CloudShape::point_size), 0.25..4
    CloudShading shading = CloudShading::EyeDome;
    CloudGround ground = CloudGround::Theme;

    friend bool operator==(const CloudView&, const CloudView&) = default;
};

inline constexpr double least_point_size = 0.25;
inline constexpr double most_point_size = 4.0;

} // namespace vitreous
