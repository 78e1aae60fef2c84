#include "core/video/video_plan.h"

#include <algorithm>
#include <string>

#include "core/base/error.h"
#include "core/media/frame_sampling.h"

namespace vitreous {
namespace {

void check(const VideoSampling& sampling) {
    if (sampling.every < 1 || sampling.batch < 1) {
        throw Error(
            ErrorCode::Usage, "expected every n-th frame and a batch of at least 1, found " +
                                  std::to_string(sampling.every) + " and " +
                                  std::to_string(sampling.batch));
    }
}

/// count of those frames, evenly: each is the middle of its share.
std::vector<FrameIndex> evenlyOf(const std::vector<FrameIndex>& frames, int count) {
    std::vector<FrameIndex> chosen;
    const std::size_t shares = 2 * static_cast<std::size_t>(count);
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        chosen.push_back(frames[(2 * i + 1) * frames.size() / shares]);
    }
    return chosen;
}

std::vector<FrameIndex> slice(const std::vector<FrameIndex>& frames, std::size_t from, int count) {
    const auto begin = frames.begin() + static_cast<std::ptrdiff_t>(from);
    return {begin, begin + std::min<std::ptrdiff_t>(count, frames.end() - begin)};
}

} // namespace

VideoPlan planOver(const std::vector<FrameIndex>& frames, int frames_of_clip, int batch) {
    VideoPlan plan{.is_clip = frames_of_clip > 0, .parts = {}};
    if (frames.empty()) {
        return plan;
    }
    const auto at_once = static_cast<std::size_t>(plan.is_clip ? frames_of_clip : batch);
    if (plan.is_clip && frames.size() < at_once) {
        plan.parts.push_back(evenlyOf(frames, frames_of_clip));
        return plan;
    }
    for (std::size_t from = 0; from < frames.size(); from += at_once) {
        const bool is_cut = plan.is_clip && from + at_once > frames.size();
        plan.parts.push_back(
            slice(frames, is_cut ? frames.size() - at_once : from, static_cast<int>(at_once)));
    }
    return plan;
}

VideoPlan planOf(std::int64_t frames_of_video, int frames_of_clip, const VideoSampling& sampling) {
    check(sampling);
    if (frames_of_clip > 0 && !sampling.windows && frames_of_video > 0) {
        return {.is_clip = true, .parts = {sampledEvenly(frames_of_video, frames_of_clip)}};
    }
    return planOver(everyNth(frames_of_video, sampling.every), frames_of_clip, sampling.batch);
}

std::vector<FrameIndex> framesFor(
    std::int64_t frames_of_video,
    const std::vector<int>& frames_of_clips,
    const VideoSampling& sampling) {
    check(sampling);
    int clip = 0;
    for (const int frames : frames_of_clips) {
        if (!sampling.windows && frames > 0 && clip > 0 && frames != clip) {
            throw Error(
                ErrorCode::Usage, "models of clips of " + std::to_string(clip) + " and of " +
                                      std::to_string(frames) +
                                      " frames see different frames of the whole video, expected "
                                      "windows");
        }
        clip = std::max(clip, frames);
    }
    if (clip == 0 || sampling.windows || frames_of_video <= 0) {
        return everyNth(frames_of_video, sampling.every);
    }
    std::vector<FrameIndex> frames = sampledEvenly(frames_of_video, clip);
    frames.erase(std::unique(frames.begin(), frames.end()), frames.end());
    return frames;
}

} // namespace vitreous
