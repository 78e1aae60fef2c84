#pragma once

#include <functional>
#include <optional>

#include <QEvent>
#include <QSize>

#include "widgets/scene/control_strip.h"
#include "widgets/scene/imgui_host.h"
#include "widgets/scene/timing_table.h"

namespace vitreous {

/// What is drawn over a canvas with Dear ImGui: the strip of controls along its lower edge and the
/// timings in its upper right corner. Sizes and events are in logical pixels.
class CanvasControls {
public:
    CanvasControls();

    void setLook(const ControlsLook& look, double pixel_ratio);
    /// What the strip is about, until the user changes it; nothing: no strip.
    void setStrip(std::optional<StripContent> content);
    /// Nothing: no timings.
    void setTimings(std::optional<TimingTable> timings) { timings_ = std::move(timings); }
    /// Called inside take() when the user changes the view.
    void onEdit(std::function<void(const StripEdit&)> listener) { listener_ = std::move(listener); }
    /// Of the strip on a surface of this width; 0 where there is none.
    [[nodiscard]] double stripHeight(double width) const;
    /// Its place on a surface of this size, in device pixels.
    [[nodiscard]] QRect stripPlace(QSize size) const;

    /// What an event of the surface, of this size, means to the controls.
    struct Answer {
        bool is_taken = false; ///< it is theirs alone
        bool needs_paint = false;
    };
    Answer take(const QEvent& event, QSize size);
    /// What the control under the pointer is for; empty: none is.
    [[nodiscard]] QString toolTip() const;
    [[nodiscard]] Qt::CursorShape cursor() const { return host_.cursor(); }

    /// With the OpenGL context current: draws over the bound framebuffer. Does nothing where this
    /// context cannot.
    void paint(QSize size);
    /// With the OpenGL context current: makes a frame, of which draw() then takes parts. Returns
    /// false where this context cannot.
    bool prepare(QSize size);
    /// With the OpenGL context current: draws a part of the prepared frame, in device pixels, over
    /// all of the bound framebuffer.
    void draw(const QRect& part) { host_.render(part); }
    [[nodiscard]] bool hasTimings() const { return timings_.has_value(); }
    /// Where the newest frame has the timings, in device pixels.
    [[nodiscard]] QRect timingsPlace() const { return timings_place_; }
    /// With the OpenGL context current, which goes.
    void release() { host_.releaseRenderer(); }

private:
    [[nodiscard]] std::optional<StripEdit> frame(QSize size);
    Answer takePointer(const QEvent& event, QPointF position, QSize size);
    Answer takeKey(const QEvent& event, QSize size);
    void leave(QSize size);
    void tell(const std::optional<StripEdit>& edit);

    ImGuiHost host_;
    ControlsLook look_;
    double ratio_ = 1.0;
    std::optional<ControlStrip> strip_;
    std::optional<TimingTable> timings_;
    QRect timings_place_;
    std::function<void(const StripEdit&)> listener_;
    bool is_engaged_ = false; ///< the newest frame had the pointer or a key
};

} // namespace vitreous
