#pragma once

#include <cstdint>
#include <vector>

#include "core/base/index.h"

namespace vitreous {

/// Which frames of a video go through a model, and how many at once.
struct VideoSampling {
    int every = 1;        ///< every n-th frame, from the first one on; at least 1
    bool windows = false; ///< clip models: one clip after the other, not one of the whole video
    int batch = 8;        ///< image models: frames to one forward pass, at least 1

    friend bool operator==(const VideoSampling&, const VideoSampling&) = default;
};

/// How a video is cut into a model's inputs.
struct VideoPlan {
    bool is_clip = false;
    /// The frames that go through the model at once, in order of showing. Of a clip model each part
    /// has exactly a clip's frames; the same frame more than once where the video is shorter.
    std::vector<std::vector<FrameIndex>> parts;

    friend bool operator==(const VideoPlan&, const VideoPlan&) = default;
};

/// frames_of_clip: what the model takes at once, ModelSummary::frames; 0: an image model, which
/// runs on every n-th frame, up to `batch` at once. A clip model takes its frames evenly out of the
/// whole video, whatever `every`; with windows, clips of every n-th frame follow one another, the
/// last one ending at the last frame, so that it may begin within the one before. A video of no
/// frames has no parts. Throws Error{Usage}: a sampling out of range.
VideoPlan planOf(std::int64_t frames_of_video, int frames_of_clip, const VideoSampling& sampling);

/// The same over frames that were chosen already, ascending: an image model takes all of them, a
/// clip model clips that follow one another.
VideoPlan planOver(const std::vector<FrameIndex>& frames, int frames_of_clip, int batch);

/// The frames that several models see alike, ascending, each once: every n-th one, or those of the
/// clip, where a clip model is among them and they are not to be windows. frames_of_clips: of each
/// model, as in planOf. Throws Error{Usage}: clips of different lengths without windows.
std::vector<FrameIndex> framesFor(
    std::int64_t frames_of_video,
    const std::vector<int>& frames_of_clips,
    const VideoSampling& sampling);

} // namespace vitreous
