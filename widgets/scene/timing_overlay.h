#pragma once

#include <QRectF>

#include "widgets/scene/controls_look.h"
#include "widgets/scene/timing_table.h"

namespace vitreous {

class ImGuiHost;

/// Inside a frame: draws the timings at the top right of a surface that is so wide, in device
/// pixels. Takes no input. Returns their place.
QRectF drawTimings(
    const ImGuiHost& host,
    const TimingTable& table,
    const ControlsLook& look,
    double surface_width,
    double pixel_ratio);

} // namespace vitreous
