#pragma once

#include <bit>
#include <cstdint>

namespace vitreous {

/// What is seen at a pixel: the bits of its depth above its number. The smaller key covers the
/// larger; of equal depths the lower number does.
using SeenKey = std::uint64_t;

inline constexpr SeenKey nothing_seen = ~SeenKey{0};

/// depth: above 0.
inline SeenKey seenKey(float depth, std::uint32_t number) {
    return SeenKey{std::bit_cast<std::uint32_t>(depth)} << 32U | number;
}

inline float depthOf(SeenKey key) {
    return std::bit_cast<float>(static_cast<std::uint32_t>(key >> 32U));
}

inline std::uint32_t numberOf(SeenKey key) {
    return static_cast<std::uint32_t>(key);
}

} // namespace vitreous
