#pragma once

#include <QColor>

namespace vitreous {

/// The colours and lengths of what is drawn inside a canvas, in logical pixels.
struct ControlsLook {
    QColor ground;
    QColor ink;
    QColor accent;
    double font_pixels = 13.0;
    double step = 8.0;
    double margin = 16.0;

    friend bool operator==(const ControlsLook&, const ControlsLook&) = default;
};

} // namespace vitreous
