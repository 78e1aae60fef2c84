#pragma once

#include <filesystem>
#include <memory>

#include "core/base/image.h"

namespace vitreous {

/// An H.264 video (`.mp4`) in the making: written aside, there once finish() returns. Without
/// finish() nothing stays.
class VideoWriter {
public:
    /// Width and height in pixels, even; frames_per_second above 0: the rate, or where frames have
    /// their own times about so many. Throws Error{Usage}: another
    /// extension, a size that H.264 cannot hold; Error{Resource}, path last: no encoder, no
    /// permission.
    VideoWriter(const std::filesystem::path& path, int width, int height, double frames_per_second);
    ~VideoWriter();
    VideoWriter(const VideoWriter&) = delete;
    VideoWriter& operator=(const VideoWriter&) = delete;

    /// Appends a frame of that size, one step of the rate after the one before. Throws Error{Usage}
    /// where it has another.
    void add(const Image& frame);
    /// The same, shown from that time on, the first one from the beginning; times ascend.
    void addAt(const Image& frame, double time_secs);
    /// Closes the file and takes its place. end_secs: when the last frame ends; where that is not
    /// behind its time, it lasts one step of the rate. Throws Error{Resource}, path last: disk
    /// full, no frame.
    void finish(double end_secs = 0.0);

private:
    struct Encoder;
    std::unique_ptr<Encoder> encoder_;
};

} // namespace vitreous
