#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/image.h"
#include "core/base/index.h"
#include "core/base/task.h"
#include "core/media/video_container.h"

namespace vitreous {

/// What a video says of itself, or what was learnt by reading it.
struct VideoInfo {
    int width = 0; ///< pixels as shown: after the rotation that the file asks for
    int height = 0;
    std::int64_t frames = 0; ///< that are there, by the container; that can be read, once is_exact
    bool is_exact = false;   ///< the end was reached: frames is what can be read
    double frames_per_second = 0; ///< mean rate; 25 where the file's is absurd
    double duration_secs = 0;     ///< to the end of the last frame
    int rotation_degrees = 0;     ///< clockwise, already done: 0, 90, 180 or 270
    std::string codec;            ///< "h264"; "?" where unknown

    friend bool operator==(const VideoInfo&, const VideoInfo&) = default;
};

/// A frame as it is shown.
struct VideoFrame {
    FrameIndex index;
    double time_secs = 0.0; ///< when it is shown, counted from the first frame; never decreases
    Image picture;          ///< RGB, upright

    friend bool operator==(const VideoFrame&, const VideoFrame&) = default;
};

/// Reads the frames of a video, in order or at chosen places, with OpenCV's FFmpeg backend. A
/// frame's index is its place in the order of showing among those that can be read, and a frame is
/// the same, byte for byte, however it was reached: places are told by the times that the decoder
/// gives along, as they were learnt in reading or as the container has them, never by a mean rate.
/// Behind frames that were lost, the others keep their times. Opening reads through the file once
/// without decoding, for these times (32 bytes a frame). Not for two threads at once.
class VideoReader {
public:
    /// Throws Error{Input}, path last: no such file, no regular file, empty, a picture, no video
    /// container, no video stream, not one readable frame, frames that change their size, a frame
    /// beyond 16384 pixels a side or
    /// 178'956'970 in all. task: its stop ends reading with Error{Interrupted}.
    explicit VideoReader(const std::filesystem::path& path, const Task& task = {});
    ~VideoReader();
    VideoReader(VideoReader&&) noexcept;
    VideoReader& operator=(VideoReader&&) noexcept;

    /// As known so far.
    [[nodiscard]] const VideoInfo& info() const;
    /// When frames are shown as the container has it, of all that it counts: seconds from the first
    /// one, ascending; empty where it does not tell. Known once the video is open.
    [[nodiscard]] std::vector<double> containerTimes() const;
    /// The frame at the current place, which moves on by one; none behind the last one. Throws
    /// Error{Interrupted}, Error{Input}.
    std::optional<VideoFrame> next();
    /// Moves on by one without making a picture of it; false behind the last frame.
    bool skip();
    /// Makes a frame the current place: from a key frame before it where its place can be told for
    /// certain, else by decoding what lies between. Behind the end: next() gives none. give_up:
    /// returns early, at another place, once a stop is asked for.
    void seek(FrameIndex frame, const std::stop_token& give_up = {});
    /// One line on what could not be read, as far as it is known ("frames 120 to 240 of 240 could
    /// not be read: the file ends early", counted from 1); empty: nothing.
    [[nodiscard]] const std::string& loss() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace vitreous
