#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace vitreous::testing {

inline std::string bigEndian(std::uint32_t value) {
    std::string bytes;
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
        bytes += static_cast<char>(value >> shift & 0xffU);
    }
    return bytes;
}

/// Head of an IDX file of images; height * width bytes each follow.
inline std::string idxImagesHead(std::uint32_t count, std::uint32_t height, std::uint32_t width) {
    return bigEndian(0x803) + bigEndian(count) + bigEndian(height) + bigEndian(width);
}

inline std::string idxLabels(const std::string& labels) {
    return bigEndian(0x801) + bigEndian(std::uint32_t(labels.size())) + labels;
}

/// Writes a data set of two classes that a small network tells apart: 16 x 16 pixels of noise, dark
/// (class 0) or bright (class 1).
inline void writeTwoTones(
    const std::filesystem::path& directory,
    std::uint32_t training,
    std::uint32_t testing) {
    constexpr std::uint32_t side = 16;
    std::uint32_t state = 7;
    for (const auto& [stem, count] : {std::pair("train", training), std::pair("t10k", testing)}) {
        std::string pixels = idxImagesHead(count, side, side);
        std::string labels;
        for (std::uint32_t i = 0; i < count; ++i) {
            state = state * 1664525U + 1013904223U;
            const bool bright = (state >> 30U & 1U) != 0;
            labels += static_cast<char>(bright ? 1 : 0);
            for (std::uint32_t pixel = 0; pixel < side * side; ++pixel) {
                state = state * 1664525U + 1013904223U;
                pixels += static_cast<char>((state >> 25U) + (bright ? 100U : 1U));
            }
        }
        std::ofstream(directory / (std::string(stem) + "-images-idx3-ubyte"), std::ios::binary)
            << pixels;
        std::ofstream(directory / (std::string(stem) + "-labels-idx1-ubyte"), std::ios::binary)
            << idxLabels(labels);
    }
}

} // namespace vitreous::testing
