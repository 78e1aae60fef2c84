#pragma once

#include <cstdint>
#include <vector>

namespace vitreous {

/// Where the object of a picture is: one byte a pixel, rows from the top, no padding.
struct Mask {
    int width = 0;
    int height = 0;
    std::vector<std::uint8_t> values; ///< height * width bytes, 255 for the object, else 0

    friend bool operator==(const Mask&, const Mask&) = default;
};

} // namespace vitreous
