#pragma once

#include <QPointF>
#include <QSizeF>

#include "widgets/view_state.h"

namespace vitreous {

/// Which part of a map is seen, in the unit of the surface.
struct MapWindow {
    QSizeF whole;   ///< of all of the map
    QPointF offset; ///< of the part that is seen, inside the whole
    QSizeF size;    ///< of the part that is seen

    /// All of a map of that size.
    explicit MapWindow(QSizeF all) : whole(all), size(all) {}
    /// The part that a viewport shows in a place of that size; everything is a whole number.
    MapWindow(const Viewport& viewport, QSizeF place);

    [[nodiscard]] bool isWhole() const { return whole == size; }

    friend bool operator==(const MapWindow&, const MapWindow&) = default;
};

inline constexpr double most_zoom = 64.0;

/// The viewport with its zoom in 1..most_zoom and its part inside the input.
Viewport clamped(Viewport viewport);
/// Zoomed by a factor so that a point of the input (0..1 each way) stays where it is.
Viewport zoomed(const Viewport& viewport, double factor, QPointF point);

} // namespace vitreous
