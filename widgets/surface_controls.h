#pragma once

#include <optional>
#include <utility>

#include "widgets/grid_surface.h"
#include "widgets/scene/canvas_controls.h"

namespace vitreous {

/// What both surfaces do with the controls over them: follow the content, take the surface's
/// events.
class SurfaceControls {
public:
    SurfaceControls(QWidget& surface, const GridContent& content)
        : surface_(surface), content_(content) {}

    /// Follows the content. Returns the strip's height on a surface of this width.
    double arrange(int width);
    /// Follows palette, font and pixel ratio.
    void updateLook();
    void setTimings(const CanvasTimes& times);

    CanvasControls::Answer take(QEvent& event);

    [[nodiscard]] CanvasControls& drawn() { return controls_; }
    /// The part of the surface above the strip.
    [[nodiscard]] QSize gridSize() const;
    /// True once after the strip's look may have changed.
    [[nodiscard]] bool takeStale() { return std::exchange(is_stale_, false); }

private:
    QWidget& surface_;
    const GridContent& content_;
    CanvasControls controls_;
    std::optional<StripContent> strip_; ///< by the newest content
    ControlsLook look_;
    double ratio_ = 0.0; ///< of device pixels to a logical one; 0: no look yet
    bool is_stale_ = true;
};

} // namespace vitreous
