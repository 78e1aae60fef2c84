#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/video/video_order.h"
#include "app/video/video_targets.h"
#include "core/video/video_run.h"

namespace vitreous {

/// A video through models that are loaded, and what is written of it.
struct VideoJob {
    std::filesystem::path input;
    std::vector<std::shared_ptr<Model>> models;
    VideoSampling sampling;
    bool frames_apart = false;
    VideoLook look;
    /// Of an .npz: every tap and every kind of map, not only what the look names.
    bool all_taps = true;
    bool all_maps = true;
    VideoTargets targets;
};

/// How it went.
struct VideoReport {
    VideoOutcome outcome;
    double frames_per_second = 0.0;        ///< of the .mp4
    std::vector<std::string> shown;        ///< of each model: the tap on the pages
    std::vector<AnalysisOptions> computed; ///< of each model
    std::vector<Tap> taps;                 ///< of the arrays, of the first model
};

/// Runs it and writes all targets but the sidecars, each whole or not at all: where one fails,
/// those that were done before it are there (writeVideoFiles has all or none). Painting needs a
/// QGuiApplication.
///
/// With one range over all frames, pages are painted once the last frame is through the models:
/// until then KeptFrames has them. Memory beside runVideo's: 512 MB of pictures, those of the
/// filmstrip's columns five times, 40 bytes a frame; however long the video is.
///
/// Throws Error as runVideo, PageExport and VideoNpz; Error{Usage}: no such tap or head.
VideoReport runVideoJob(const VideoJob& job, const Task& task);

} // namespace vitreous
