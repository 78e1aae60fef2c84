#include "widgets/surface_controls.h"

#include <algorithm>

#include <QHelpEvent>
#include <QToolTip>

#include "widgets/strip_content.h"

namespace vitreous {

double SurfaceControls::arrange(int width) {
    updateLook();
    std::optional<StripContent> strip;
    if (content_.shows_controls) {
        strip = stripContent(content_.scene);
    }
    // The user's own changes, which the strip shows until now, were marked when they were made.
    is_stale_ = is_stale_ || strip != strip_;
    strip_ = strip;
    controls_.setStrip(std::move(strip));
    return controls_.stripHeight(width);
}

void SurfaceControls::updateLook() {
    const GridStyle& style = content_.style;
    ControlsLook look;
    look.ground = style.ground;
    look.ink = style.ink;
    look.accent = surface_.palette().color(QPalette::Highlight);
    look.font_pixels = std::max(10, style.small_font.pixelSize());
    look.step = style.step;
    look.margin = style.margin;
    const double ratio = surface_.devicePixelRatioF();
    if (look != look_ || ratio != ratio_) {
        look_ = look;
        ratio_ = ratio;
        is_stale_ = true;
        controls_.setLook(look_, ratio_);
    }
}

void SurfaceControls::setTimings(const CanvasTimes& times) {
    controls_.setTimings(
        content_.shows_timings ? std::optional(timingTable(content_.scene.models, times))
                               : std::nullopt);
}

CanvasControls::Answer SurfaceControls::take(QEvent& event) {
    if (event.type() == QEvent::ToolTip) {
        const auto& help = static_cast<QHelpEvent&>(event);
        const QString text = controls_.toolTip();
        QToolTip::showText(help.globalPos(), text, &surface_);
        return {.is_taken = !text.isEmpty(), .needs_paint = false};
    }
    const CanvasControls::Answer answer = controls_.take(event, surface_.size());
    if (answer.needs_paint) {
        is_stale_ = true;
        surface_.setCursor(answer.is_taken ? controls_.cursor() : Qt::ArrowCursor);
    }
    return answer;
}

QSize SurfaceControls::gridSize() const {
    const int strip = static_cast<int>(controls_.stripHeight(surface_.width()));
    return {surface_.width(), std::max(1, surface_.height() - strip)};
}

} // namespace vitreous
