#include "widgets/cloud/disc.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace vitreous {
namespace {

/// Far more than anything on a screen needs.
constexpr double most_diameter = 512.0;

Disc discAbout(double radius, bool is_cornered) {
    Disc disc;
    disc.is_cornered = is_cornered;
    disc.radius = radius;
    const double offset = disc.away(0);
    const int reach = static_cast<int>(std::floor(radius + offset));
    for (int y = -reach; y <= disc.last(reach); ++y) {
        const double away = disc.away(y);
        const double half = std::sqrt(std::max(radius * radius - away * away, 0.0));
        disc.halves.push_back(static_cast<int>(std::floor(half + offset)));
    }
    return disc;
}

int pixelsOf(const Disc& disc) {
    int pixels = 0;
    for (const int half : disc.halves) {
        pixels += half + disc.last(half) + 1;
    }
    return pixels;
}

} // namespace

Disc discOf(double diameter) {
    const double radius = std::clamp(diameter, 1.0, most_diameter) / 2.0;
    const double area = std::numbers::pi * radius * radius;
    const Disc middle = discAbout(radius, false);
    const Disc corner = discAbout(radius, true);
    const bool is_cornered = !corner.halves.empty() &&
                             std::abs(pixelsOf(corner) - area) < std::abs(pixelsOf(middle) - area);
    return is_cornered ? corner : middle;
}

} // namespace vitreous
