#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/base/image.h"
#include "core/media/video_reader.h"

namespace vitreous::test {

/// A picture of a moving slope, another one for each frame.
inline Image movingPicture(int width, int height, int frame) {
    Image image{width, height, {}};
    image.pixels.reserve(std::size_t(width) * std::size_t(height) * 3);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            image.pixels.push_back(static_cast<std::uint8_t>((x * 4 + frame * 7) % 256));
            image.pixels.push_back(static_cast<std::uint8_t>((y * 5 + frame * 3) % 256));
            image.pixels.push_back(static_cast<std::uint8_t>(frame % 256));
        }
    }
    return image;
}

/// All frames of a video, read in order.
inline std::vector<VideoFrame> allFrames(const std::string& path) {
    VideoReader reader(path);
    std::vector<VideoFrame> frames;
    while (std::optional<VideoFrame> frame = reader.next()) {
        frames.push_back(std::move(*frame));
    }
    return frames;
}

} // namespace vitreous::test
