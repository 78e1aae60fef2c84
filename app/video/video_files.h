#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "app/video/video_order.h"
#include "app/video/video_targets.h"
#include "core/analysis/model.h"
#include "core/base/task.h"

namespace vitreous {

/// What became of an order.
struct VideoFiles {
    std::vector<std::filesystem::path> written; ///< without the sidecars
    std::string loss; ///< what of the video could not be read, one line; empty: nothing
};

/// The files that an order is about. Throws as videoTargets, and Error{Usage}, path last: one of
/// them is the input, pictures would come to others, a sidecar would replace another file.
VideoTargets targetsOf(const VideoOrder& order, const std::vector<ModelSummary>& models);

/// Runs every model on the frames of the video and writes what is ordered, with a `.json` beside
/// each: all of it, or where something fails or is stopped, nothing: what was there before is
/// replaced once everything is whole. models: of order.models, in
/// its order. Painting needs a QGuiApplication. Throws Error as runVideoJob, and Error{Resource}
/// where a sidecar cannot be written.
VideoFiles writeVideoFiles(
    const VideoOrder& order,
    const std::vector<std::shared_ptr<Model>>& models,
    const Task& task);

} // namespace vitreous
