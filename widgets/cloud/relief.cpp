#include "widgets/cloud/relief.h"

#include <algorithm>
#include <cmath>

namespace vitreous {
namespace {

/// Far more than the unit sphere: what is outside of it is drawn in order as well.
constexpr double cloud_radius = 8.0;
constexpr double most_units_a_pixel = 4096.0;

} // namespace

Relief::Relief(const CloudCamera& camera, QSize size)
    : is_perspective_(camera.projection == Projection::Perspective) {
    const CloudProjection projection(camera, size);
    const double middle = -double(projection.toCamera().map(QVector3D()).z());
    const double nearest = std::max(middle - cloud_radius, least_depth);
    const double farthest = middle + cloud_radius;
    is_seen_ = farthest > nearest;
    // A pixel is depth / scale wide in a perspective view, else 1 / scale.
    const double scale = projection.scaleAt(1.0);
    const double factor = is_perspective_ ? scale * std::numbers::ln2 : scale;
    const auto along = [this](double depth) { return is_perspective_ ? std::log2(depth) : depth; };
    start_ = along(nearest);
    const double pixels = is_seen_ ? factor * (along(farthest) - start_) : 1.0;
    units_ = std::min(most_units_a_pixel, double(most_units) / pixels);
    factor_ = factor * units_;
}

std::uint32_t Relief::units(double depth) const {
    const double along = is_perspective_ ? std::log2(depth) : depth;
    const double units = (along - start_) * factor_;
    return static_cast<std::uint32_t>(std::clamp(units, 0.0, double(most_units)));
}

} // namespace vitreous
