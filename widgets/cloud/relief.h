#pragma once

#include <bit>
#include <cstdint>
#include <numbers>

#include <QSize>

#include "widgets/cloud/cloud_camera.h"

namespace vitreous {

/// What is seen at a pixel: its depth in a relief's units above its number. The smaller key covers
/// the larger; of equal depths the lower number does.
using SeenKey = std::uint64_t;

/// Some units may be added to it.
inline constexpr SeenKey nothing_seen = ~SeenKey{0} >> 1U;

inline SeenKey seenKey(std::uint32_t units, std::uint32_t number) {
    return SeenKey{units} << 32U | number;
}

inline std::uint32_t unitsOf(SeenKey key) {
    return static_cast<std::uint32_t>(key >> 32U);
}

inline std::uint32_t numberOf(SeenKey key) {
    return static_cast<std::uint32_t>(key);
}

/// Depths of a cloud in the unit sphere as a view's pixels see them: one pixel deeper is as much as
/// one pixel to the side, so that a slope of 45 degrees is 1 at any size and distance. In a
/// perspective view that is the logarithm of the depth. Whole units, a small part of a pixel each.
class Relief {
public:
    Relief(const CloudCamera& camera, QSize size);

    /// False where all of the cloud is behind the camera.
    [[nodiscard]] bool isSeen() const { return is_seen_; }
    /// Of a depth in front of the camera, cut to what the cloud can have.
    [[nodiscard]] std::uint32_t units(double depth) const;
    [[nodiscard]] float unitsAPixel() const { return static_cast<float>(units_); }

    /// The same for points in a tight loop, as a float: factor * (log2(depth) - start), or of the
    /// depth itself where the view is orthographic. To be cut to 0..most_units.
    [[nodiscard]] float factor() const { return static_cast<float>(factor_); }
    [[nodiscard]] float start() const { return static_cast<float>(start_); }

    static constexpr float most_units = 1U << 30U;

private:
    bool is_perspective_;
    bool is_seen_ = true;
    double start_ = 0.0;
    double factor_ = 1.0;
    double units_ = 1.0;
};

/// By its series in (m - 1) / (m + 1) for the mantissa m: exact to 2e-6 and quick in a loop, which
/// std::log2 is not. value: positive.
inline float quickLog2(float value) {
    constexpr std::uint32_t mantissa = 0x7fffffU;
    constexpr std::uint32_t one = 0x3f800000U;
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto exponent = static_cast<float>(static_cast<std::int32_t>(bits >> 23U) - 127);
    const auto m = std::bit_cast<float>((bits & mantissa) | one);
    const float s = (m - 1.0F) / (m + 1.0F);
    const float q = s * s;
    constexpr float factor = 2.0F * std::numbers::log2e_v<float>;
    const float series =
        1.0F + q * (1.0F / 3.0F + q * (1.0F / 5.0F + q * (1.0F / 7.0F + q * (1.0F / 9.0F))));
    return exponent + factor * s * series;
}

} // namespace vitreous
