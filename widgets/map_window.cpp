#include "widgets/map_window.h"

#include <algorithm>
#include <cmath>

namespace vitreous {
namespace {

/// Where a part of that length begins in the whole so that its middle is at `center`, 0..1.
double begin(double center, double whole, double part) {
    return std::clamp(std::round(center * whole - part / 2.0), 0.0, whole - part);
}

double clampedCenter(double center, double zoom) {
    const double half = 0.5 / zoom;
    return std::clamp(center, half, 1.0 - half);
}

} // namespace

MapWindow::MapWindow(const Viewport& viewport, QSizeF place) : whole(place), size(place) {
    const Viewport part = clamped(viewport);
    whole = QSizeF(std::round(place.width() * part.zoom), std::round(place.height() * part.zoom));
    offset = QPointF(
        begin(part.center_x, whole.width(), place.width()),
        begin(part.center_y, whole.height(), place.height()));
}

Viewport clamped(Viewport viewport) {
    const auto finite = [](double value, double otherwise) {
        return std::isfinite(value) ? value : otherwise;
    };
    viewport.zoom = std::clamp(finite(viewport.zoom, 1.0), 1.0, most_zoom);
    viewport.center_x = clampedCenter(finite(viewport.center_x, 0.5), viewport.zoom);
    viewport.center_y = clampedCenter(finite(viewport.center_y, 0.5), viewport.zoom);
    return viewport;
}

Viewport zoomed(const Viewport& viewport, double factor, QPointF point) {
    const Viewport before = clamped(viewport);
    Viewport after = before;
    after.zoom = std::clamp(before.zoom * factor, 1.0, most_zoom);
    const double share = before.zoom / after.zoom;
    after.center_x = point.x() + (before.center_x - point.x()) * share;
    after.center_y = point.y() + (before.center_y - point.y()) * share;
    return clamped(after);
}

} // namespace vitreous
