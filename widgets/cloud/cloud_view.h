#pragma once

#include "widgets/cloud/cloud_camera.h"

namespace vitreous {

/// How the values of groups reach the points of a cloud.
enum class GroupValues {
    Weighted, ///< inverse-distance weights over the three nearest group centres
    Raw,      ///< each point takes its nearest group's value
};

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
    double point_size = 3.0;    ///< diameter in logical pixels, 1..20
    CloudShading shading = CloudShading::EyeDome;
    CloudGround ground = CloudGround::Theme;

    friend bool operator==(const CloudView&, const CloudView&) = default;
};

inline constexpr double least_point_size = 1.0;
inline constexpr double most_point_size = 20.0;

} // namespace vitreous
