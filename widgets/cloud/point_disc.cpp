#include "widgets/cloud/point_disc.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace vitreous {
namespace {

/// What a GPU's rounding may be off by, far less than pixels are from a rim.
constexpr double rim = 1e-3;
/// Pixels whose middle lies on a square's edge are drawn by some and not by others.
constexpr double margin = 1.0;

int pixelsWithin(double radius, double offset) {
    const int reach = int(radius) + 1;
    int pixels = 0;
    for (int y = -reach; y <= reach; ++y) {
        for (int x = -reach; x <= reach; ++x) {
            pixels += std::hypot(x + offset, y + offset) <= radius ? 1 : 0;
        }
    }
    return pixels;
}

} // namespace

PointDisc pointDiscOf(double diameter, double most) {
    const double size = std::clamp(diameter, 1.0, std::max(most - margin, 1.0));
    const double radius = size / 2.0;
    const double area = std::numbers::pi * radius * radius;
    const double beside_pixels = std::abs(pixelsWithin(radius, 0.0) - area);
    const double beside_corners = std::abs(pixelsWithin(radius, 0.5) - area);
    const bool has_corner = pixelsWithin(radius, 0.5) > 0 && beside_corners < beside_pixels;
    return {has_corner ? 0.5F : 0.0F, float(radius + rim), float(size + margin)};
}

} // namespace vitreous
