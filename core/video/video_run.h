#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/analysis/model.h"
#include "core/base/index.h"
#include "core/media/video_reader.h"
#include "core/video/video_plan.h"

namespace vitreous {

/// A model with what to compute of every frame.
struct VideoModel {
    std::shared_ptr<Model> model;
    AnalysisOptions options;
};

/// What all models say of one frame of a video.
struct FrameResults {
    FrameIndex index;
    double time_secs = 0.0;
    /// Of each model, with maps (rows, columns): of a clip model the time step that holds the
    /// frame. Without the input; the picture where it is to be kept; the logits are those of the
    /// clip.
    std::vector<std::shared_ptr<const AnalysisResult>> results;
    std::vector<std::size_t> parts; ///< of each model: the forward pass it comes from, from 0 on
};

/// One video through one or more models.
struct VideoRequest {
    std::filesystem::path path;
    std::vector<VideoModel> models;
    VideoSampling sampling;
    std::vector<FrameIndex> frames = {}; ///< those of framesOf, where they are known; else empty
    bool keep_pictures = true;           ///< in the results: what the model saw, as a picture
};

/// How a run went.
struct VideoOutcome {
    VideoInfo info;
    std::size_t frames = 0; ///< that went through the models
    std::string loss;       ///< what could not be decoded, one line; empty: nothing known
};

/// Takes a frame's results. Called on a thread of its own, in order of showing.
using FrameSink = std::function<void(FrameResults)>;

/// Decodes, prepares, runs the models and hands over what they say, each on a thread of its own
/// (the models on the caller's): while one part is in a model, the next ones are made ready. Models
/// with the same preprocessing share it. What cannot be decoded ends the run, and is told.
///
/// Memory: 8 decoded frames; of each model the inputs of 4 parts; the results of as many frames as
/// 3 parts have. It does not grow with the video but by 16 bytes a frame.
///
/// Throws Error{Input}: no video, no frame in it; Error{Usage} as framesFor; what a model or the
/// sink throws; Error{Interrupted}.
VideoOutcome runVideo(const VideoRequest& request, const FrameSink& sink, const Task& task = {});

/// A video and those of its frames that go through models.
struct VideoFrames {
    std::vector<FrameIndex> frames;
    VideoInfo info;
};

/// The frames that runVideo gives to the models. Reads the video's index; where the models take
/// clips of all of it, it makes sure that the last one is there, and where nothing tells how many
/// there are, reads all of it. Throws Error{Input} as runVideo.
VideoFrames framesOf(
    const std::filesystem::path& path,
    const std::vector<int>& frames_of_clips,
    const VideoSampling& sampling,
    const Task& task = {});

} // namespace vitreous
