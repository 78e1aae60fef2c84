#pragma once

#include <filesystem>

#include "core/base/task.h"
#include "widgets/grid_scene.h"

namespace vitreous {

/// A video in which the clouds of a view turn once about their up axis.
struct TurntableOptions {
    int frames = 180; ///< of the whole turn, at least 2
    double frames_per_second = 30.0;
    int width = 1280; ///< of the video, in pixels
    QString caption;  ///< as of a figure; empty: none
};

/// Writes the scene's figure as `.mp4`, the camera going once around from where it is. Whole or not
/// at all. Tells progress and stops between frames; may run on any thread. Throws Error{Usage}: a
/// scene without point clouds, an option out of range; Error{Resource}; Error{Interrupted}.
void exportTurntable(
    const std::filesystem::path& path,
    const GridScene& scene,
    const TurntableOptions& options,
    const Task& task = {});

} // namespace vitreous
