#pragma once

#include <filesystem>
#include <memory>

#include "core/base/image.h"

namespace vitreous {

/// An `.mp4` with one H.264 stream that FFmpeg writes. Not through OpenCV's writer, which cannot be
/// told how much to spend on a frame: its encoder takes longer than a small model.
class H264File {
public:
    H264File();
    ~H264File();
    H264File(const H264File&) = delete;
    H264File& operator=(const H264File&) = delete;

    /// Width and height in pixels, even; frames_per_second above 0, on average where frames have
    /// their own times. False: no encoder, or the file cannot be written.
    bool open(const std::filesystem::path& path, int width, int height, double frames_per_second);
    /// Appends a frame of that size that is shown from then on; not before the last one's time. The
    /// first one is shown from 0 on, whatever its time. False: it could not be encoded or written.
    bool add(const Image& frame, double time_secs);
    /// Writes what is on its way and closes the file. end_secs: when the last frame ends; where
    /// that is not behind its time, it lasts one step of the rate. False: something could not be
    /// written.
    bool finish(double end_secs);

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace vitreous
