#pragma once

#include <cstdint>
#include <filesystem>

#include <opencv2/videoio.hpp>

#include "core/base/image.h"

namespace vitreous {

/// OpenCV's reader of videos, FFmpeg under it, kept quiet and its numbers made sane. For
/// VideoReader, which knows where in the video it is.
class VideoCapture {
public:
    /// Opens anew, at the first frame. rotation_degrees: clockwise, that pictures are turned by.
    /// Not left to OpenCV: 4.6 turns quarters the wrong way. False: no video stream that FFmpeg can
    /// decode.
    bool open(const std::filesystem::path& path, int rotation_degrees);

    [[nodiscard]] int width() const;              ///< pixels as shown; 0 where absurd
    [[nodiscard]] int height() const;             ///< pixels as shown; 0 where absurd
    [[nodiscard]] double framesPerSecond() const; ///< that seekAbout() goes by; 0 where absurd
    [[nodiscard]] std::int64_t frames() const;    ///< as OpenCV guesses; 0 where absurd

    /// Decodes the next frame. False: a packet that cannot be decoded, or the end; FFmpeg goes on
    /// behind such a packet at the next call.
    bool grab() { return capture_.grab(); }
    /// What OpenCV says of when the grabbed frame is shown or was decoded, in microseconds: the
    /// same however it was reached. 0: nothing sane.
    [[nodiscard]] std::int64_t stampMicros() const;
    /// The grabbed frame, upright. Empty where it cannot be had.
    Image picture();
    /// Moves to about that frame (by time, at the mean rate): from a key frame before it.
    void seekAbout(std::int64_t frame);

private:
    [[nodiscard]] int size(int id) const; ///< pixels; 0 where absurd

    cv::VideoCapture capture_;
    int rotation_degrees_ = 0;
};

} // namespace vitreous
