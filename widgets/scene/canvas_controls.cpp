#include "widgets/scene/canvas_controls.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>
#include <imgui.h>

#include "widgets/scene/imgui_colors.h"
#include "widgets/scene/timing_overlay.h"

namespace vitreous {
namespace {

void applyLook(const ControlsLook& look, double ratio, double line_height) {
    ImGuiStyle style;
    const auto px = [ratio](double logical) { return static_cast<float>(logical * ratio); };
    style.WindowPadding = ImVec2(0.0F, 0.0F);
    style.WindowBorderSize = 0.0F;
    style.WindowRounding = 0.0F;
    style.WindowMinSize = ImVec2(1.0F, 1.0F);
    style.FrameRounding = px(4.0);
    style.FrameBorderSize = std::max(1.0F, std::floor(px(1.0)));
    style.FramePadding = ImVec2(px(6.0), (px(24.0) - static_cast<float>(line_height)) / 2.0F);
    style.ItemSpacing = ImVec2(0.0F, 0.0F);
    style.GrabMinSize = px(12.0);
    style.AntiAliasedLinesUseTex = false;
    const auto set = [&](ImGuiCol color, const QColor& value) {
        style.Colors[color] = imguiVector(value);
    };
    const auto tint = [&look](double share) { return mixed(look.ground, look.ink, share); };
    set(ImGuiCol_Text, look.ink);
    set(ImGuiCol_TextDisabled, tint(0.5));
    set(ImGuiCol_WindowBg, look.ground);
    set(ImGuiCol_FrameBg, tint(0.03));
    set(ImGuiCol_FrameBgHovered, tint(0.08));
    set(ImGuiCol_FrameBgActive, tint(0.12));
    set(ImGuiCol_Border, tint(0.2));
    QColor selection = look.accent;
    selection.setAlphaF(0.4F);
    set(ImGuiCol_TextSelectedBg, selection);
    ImGui::GetStyle() = style;
}

} // namespace

CanvasControls::CanvasControls() {
    setLook({}, 1.0);
}

void CanvasControls::setLook(const ControlsLook& look, double pixel_ratio) {
    look_ = look;
    ratio_ = pixel_ratio;
    host_.setFont(look.font_pixels * pixel_ratio);
    host_.makeCurrent();
    applyLook(look_, ratio_, host_.lineHeight());
    if (strip_) {
        strip_->setLook(look_, ratio_);
    }
}

void CanvasControls::setStrip(std::optional<StripContent> content) {
    if (!content) {
        if (strip_) {
            strip_.reset();
            host_.dropFocus();
        }
    } else if (strip_) {
        strip_->setContent(std::move(*content));
    } else {
        strip_.emplace(host_, std::move(*content));
        strip_->setLook(look_, ratio_);
    }
}

double CanvasControls::stripHeight(double width) const {
    return strip_ ? std::ceil(strip_->height(width * ratio_) / ratio_) : 0.0;
}

QRect CanvasControls::stripPlace(QSize size) const {
    const QSize pixels = (QSizeF(size) * ratio_).toSize();
    const int height = static_cast<int>(std::lround(stripHeight(size.width()) * ratio_));
    return {0, pixels.height() - height, pixels.width(), height};
}

QString CanvasControls::toolTip() const {
    return strip_ ? strip_->toolTip() : QString();
}

std::optional<StripEdit> CanvasControls::frame(QSize size) {
    const QSize pixels = (QSizeF(size) * ratio_).toSize();
    host_.beginFrame(pixels);
    std::optional<StripEdit> edit;
    if (strip_) {
        edit = strip_->draw(stripPlace(size));
    }
    if (timings_) {
        timings_place_ =
            drawTimings(host_, *timings_, look_, pixels.width(), ratio_).toAlignedRect();
    }
    host_.endFrame();
    return edit;
}

void CanvasControls::tell(const std::optional<StripEdit>& edit) {
    if (edit && listener_) {
        listener_(*edit);
    }
}

void CanvasControls::leave(QSize size) {
    host_.pointerLeaves();
    tell(frame(size));
}

CanvasControls::Answer CanvasControls::take(const QEvent& event, QSize size) {
    if (!strip_) {
        return {};
    }
    switch (event.type()) {
    case QEvent::MouseMove:
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonDblClick:
    case QEvent::MouseButtonRelease:
        return takePointer(event, static_cast<const QMouseEvent&>(event).position(), size);
    case QEvent::Wheel:
        return takePointer(event, static_cast<const QWheelEvent&>(event).position(), size);
    case QEvent::ShortcutOverride:
    case QEvent::KeyPress:
    case QEvent::KeyRelease:
        return takeKey(event, size);
    case QEvent::Leave:
        if (std::exchange(is_engaged_, false)) {
            leave(size);
            return {.is_taken = false, .needs_paint = true};
        }
        return {};
    case QEvent::FocusOut:
    case QEvent::Hide:
        host_.dropFocus();
        leave(size);
        return {.is_taken = false, .needs_paint = true};
    default:
        return {};
    }
}

CanvasControls::Answer
CanvasControls::takePointer(const QEvent& event, QPointF position, QSize size) {
    const bool is_inside = position.y() >= size.height() - stripHeight(size.width());
    // Over the grid, nothing changes for the controls until a button goes down.
    const bool may_matter = event.type() != QEvent::MouseMove && event.type() != QEvent::Wheel;
    if (!may_matter && !is_inside && !is_engaged_) {
        return {};
    }
    host_.feed(event, ratio_);
    tell(frame(size));
    const bool is_owned = host_.wantsMouse();
    is_engaged_ = is_inside || is_owned || host_.wantsText();
    return {.is_taken = is_owned, .needs_paint = true};
}

CanvasControls::Answer CanvasControls::takeKey(const QEvent& event, QSize size) {
    if (!host_.wantsText()) {
        return {};
    }
    if (event.type() == QEvent::KeyPress) {
        host_.feed(event, ratio_);
        tell(frame(size));
        // The key goes up; a frame later it is known whether the field still takes text.
        tell(frame(size));
        tell(frame(size));
    }
    return {.is_taken = true, .needs_paint = true};
}

bool CanvasControls::prepare(QSize size) {
    if (!host_.prepareRenderer()) {
        return false;
    }
    // Nothing new was fed: there is nothing that the user changes in this frame.
    static_cast<void>(frame(size));
    return true;
}

void CanvasControls::paint(QSize size) {
    if ((strip_ || timings_) && prepare(size)) {
        host_.render();
    }
}

} // namespace vitreous
