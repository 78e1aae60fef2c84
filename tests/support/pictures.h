#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/image.h"

namespace vitreous::testing {

/// The formula's picture of the scripts tests/nn/make_*_facts.py.
inline Image formulaPicture(int width, int height, std::int64_t factor = 1) {
    Image image{width, height, {}};
    for (std::int64_t y = 0; y < height; ++y) {
        for (std::int64_t x = 0; x < width; ++x) {
            for (const std::int64_t value :
                 {x * 7 + y * 13 + x * y, x * x + 3 * y, y * y * 5 + x * 11}) {
                image.pixels.push_back(static_cast<std::uint8_t>(value * factor % 256));
            }
        }
    }
    return image;
}

/// CRC-32 as zlib computes it.
inline std::uint32_t crc32(std::span<const std::uint8_t> bytes) {
    std::uint32_t crc = ~0U;
    for (const std::uint8_t byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit) {
            crc = crc >> 1 ^ (crc & 1U ? 0xedb88320U : 0U);
        }
    }
    return ~crc;
}

/// CRC-32 of the bytes of fp32 values, little-endian.
inline std::uint32_t crc32(const std::vector<float>& values) {
    return crc32(
        {reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(float)});
}

} // namespace vitreous::testing
