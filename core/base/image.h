#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace vitreous {

/// An 8-bit sRGB picture, rows from the top, three interleaved channels (R, G, B), no padding.
struct Image {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> pixels; ///< height * width * 3 bytes

    friend bool operator==(const Image&, const Image&) = default;
};

} // namespace vitreous
