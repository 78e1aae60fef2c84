#include "widgets/scene/control_strip.h"

#include <algorithm>
#include <array>
#include <cfloat>
#include <cmath>

#include <QCoreApplication>
#include <imgui.h>

#include "widgets/scene/imgui_colors.h"
#include "widgets/scene/imgui_host.h"

namespace vitreous {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(CanvasControls)
};

// Logical pixels.
constexpr double row_height = 32.0;
constexpr double field_height = 24.0;
constexpr double edge_room = 4.0; ///< above the first row and below the last one
constexpr double grab_width = 12.0;
constexpr double track_height = 4.0;
constexpr double grab_padding = 2.0; ///< ImGui's own, in device pixels

/// How a number of a range is written: three digits of the range's span.
QByteArray rangeFormat(const ValueRange& range) {
    const double span = range.high - range.low;
    const double largest = std::max(std::abs(range.low), std::abs(range.high));
    const double scale = span > 0.0 ? span : std::max(largest, 1e-3);
    const int decimals = 2 - static_cast<int>(std::floor(std::log10(scale)));
    if (decimals > 6 || largest >= 1e6) {
        return "%.3e";
    }
    return "%." + QByteArray::number(std::max(decimals, 0)) + "f";
}

} // namespace

ControlStrip::ControlStrip(ImGuiHost& host, StripContent content)
    : host_(host), content_(std::move(content)) {}

QString ControlStrip::label(Kind kind) {
    switch (kind) {
    case Kind::Layer:
        return Text::tr("Layer");
    case Kind::Range:
        return Text::tr("Range");
    case Kind::Threshold:
        return Text::tr("Threshold");
    case Kind::LowLevel:
        return Text::tr("Low");
    case Kind::HighLevel:
        return Text::tr("High");
    case Kind::PointSize:
        return Text::tr("Points");
    case Kind::Opacity:
        break;
    }
    return Text::tr("Opacity");
}

QString ControlStrip::toolTip() const {
    if (!hovered_) {
        return {};
    }
    switch (*hovered_) {
    case Kind::Layer:
        return Text::tr("The layer that is shown. Ctrl and click: type its number.");
    case Kind::Range:
        return Text::tr("The values at the ends of the colours. Drag or click to fix them for all "
                        "maps.");
    case Kind::Threshold:
        return Text::tr("Tokens below this part of the range show the picture alone. Ctrl and "
                        "click: type a number.");
    case Kind::LowLevel:
    case Kind::HighLevel:
        return Text::tr(
            "Thresholds: each model has a row for either. Tokens below this part of the "
            "range show the frame alone. Ctrl and click: type a number.");
    case Kind::PointSize:
        return Text::tr("Size of the points: 1 lets them just cover a surface. Ctrl and click: "
                        "type a number.");
    case Kind::Opacity:
        break;
    }
    return Text::tr("Opacity of the maps over the picture. Ctrl and click: type a number.");
}

std::vector<ControlStrip::Group> ControlStrip::groups() const {
    std::vector<Group> found;
    const auto add = [&](Kind kind, double least, double best, double value) {
        found.push_back(
            {.kind = kind,
             .label = std::ceil(host_.textWidth(label(kind))),
             .value = std::ceil(value),
             .least = px(least),
             .best = px(best)});
    };
    if (content_.layer && content_.layers.size() > 1) {
        double widest = 0.0;
        for (const LayerChoice& layer : content_.layers) {
            widest = std::max(widest, host_.textWidth(layer.label));
        }
        add(Kind::Layer, 88.0, 176.0, widest);
    }
    add(Kind::Range, 136.0, 160.0, 0.0);
    const double part = host_.textWidth(QStringLiteral("0.00"));
    if (content_.view.kind == GridKind::Filmstrip) {
        add(Kind::LowLevel, 32.0, 72.0, part);
        add(Kind::HighLevel, 32.0, 72.0, part);
    } else {
        add(Kind::Threshold, 64.0, 104.0, part);
    }
    add(Kind::Opacity, 64.0, 104.0, host_.textWidth(Text::tr("%1 %").arg(100)));
    if (content_.has_clouds) {
        add(Kind::PointSize, 64.0, 104.0, host_.textWidth(QStringLiteral("0.00")));
    }
    return found;
}

std::vector<ControlStrip::Group> ControlStrip::arrange(double width) const {
    std::vector<Group> all = groups();
    const double gap = px(look_.step);
    const double apart = px(3.0 * look_.step);
    const double room = width - 2.0 * px(look_.margin);
    const auto fixed = [gap](const Group& group) {
        return group.label + gap + (group.value > 0.0 ? gap + group.value : 0.0);
    };
    double least = -apart;
    double best = -apart;
    for (const Group& group : all) {
        least += apart + fixed(group) + group.least;
        best += apart + fixed(group) + group.best;
    }
    const bool is_one_row = least <= room;
    const double share =
        is_one_row && best > least ? std::clamp((room - least) / (best - least), 0.0, 1.0) : 1.0;
    double x = 0.0;
    double y = 0.0;
    for (Group& group : all) {
        group.extent = std::floor(group.least + share * (group.best - group.least));
        const double whole = fixed(group) + group.extent;
        if (!is_one_row && x > 0.0 && x + whole > room) {
            x = 0.0;
            y += px(row_height);
        }
        // A control that is alone in a short row shrinks.
        group.extent = std::clamp(room - x - fixed(group), px(24.0), group.extent);
        group.x = std::round(px(look_.margin) + x);
        group.y = std::round(y);
        x += whole + apart;
    }
    return all;
}

void ControlStrip::setLook(const ControlsLook& look, double pixel_ratio) {
    look_ = look;
    ratio_ = pixel_ratio;
}

double ControlStrip::height(double width) const {
    return arrange(width).back().y + px(row_height + 2.0 * edge_room);
}

std::optional<StripEdit> ControlStrip::draw(const QRectF& place) {
    edit_.reset();
    hovered_.reset();
    ImGui::SetNextWindowPos(imguiPoint(place.topLeft()));
    ImGui::SetNextWindowSize(imguiPoint(place.bottomRight() - place.topLeft()));
    ImGui::Begin(
        "strip", nullptr,
        ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
            ImGuiWindowFlags_NoNav);
    ImGui::GetWindowDrawList()->AddRectFilled(
        imguiPoint(place.topLeft()),
        imguiPoint({place.right(), place.top() + std::max(1.0, std::round(ratio_))}),
        imguiColor(mixed(look_.ground, look_.ink, 0.12)));
    const double top = place.top() + std::round(px(edge_room + (row_height - field_height) / 2.0));
    for (Group& group : arrange(place.width())) {
        group.x += place.left();
        group.y += top;
        drawGroup(group);
    }
    ImGui::End();
    return edit_;
}

void ControlStrip::drawGroup(const Group& group) {
    drawText(group.x, group.y, label(group.kind), true);
    switch (group.kind) {
    case Kind::Layer:
        drawLayer(group);
        break;
    case Kind::Range:
        drawRange(group);
        break;
    case Kind::Threshold:
        drawThreshold(group);
        break;
    case Kind::LowLevel:
    case Kind::HighLevel:
        drawLevel(group);
        break;
    case Kind::Opacity:
        drawOpacity(group);
        break;
    case Kind::PointSize:
        drawPointSize(group);
        break;
    }
    const double gap = px(look_.step);
    const double right = group.x + group.label + gap + group.extent + gap + group.value;
    if (ImGui::IsMouseHoveringRect(
            imguiPoint({group.x, group.y}), imguiPoint({right, group.y + px(field_height)}))) {
        hovered_ = group.kind;
    }
}

void ControlStrip::drawText(double left, double top, const QString& text, bool is_quiet) const {
    const double line = host_.lineHeight();
    const QPointF place(std::round(left), std::round(top + (px(field_height) - line) / 2.0));
    const QColor color = is_quiet ? mixed(look_.ground, look_.ink, 0.64) : look_.ink;
    ImGui::GetWindowDrawList()->AddText(
        imguiPoint(place), imguiColor(color), text.toUtf8().constData());
}

void ControlStrip::finish(std::function<void(ViewState&)> change) {
    if (ImGui::IsItemActivated()) {
        has_edited_ = false;
    }
    if (change) {
        // Shown until the canvas is given a scene with it.
        change(content_.view);
        edit_ = StripEdit{std::move(change), has_edited_};
        has_edited_ = true;
    }
}

bool ControlStrip::drawSlider(const Group& group, const Slider& slider, double& value) {
    const double left = group.x + group.label + px(look_.step);
    const double middle = group.y + px(field_height) / 2.0;
    const bool is_typed = typed_ == ImGui::GetID(slider.id);
    if (!is_typed) {
        // A thin line with a round grip, as the window's sliders have.
        ImDrawList& list = *ImGui::GetWindowDrawList();
        const double grab = px(grab_width);
        const double begin = left + grab_padding;
        const double end = left + group.extent - grab_padding;
        const double span = std::max(slider.high - slider.low, 1e-9);
        const double part = std::clamp((value - slider.low) / span, 0.0, 1.0);
        const double grip = begin + grab / 2.0 + part * (end - begin - grab);
        const double half = px(track_height) / 2.0;
        const auto rounding = static_cast<float>(half);
        const ImU32 accent = imguiColor(look_.accent);
        list.AddRectFilled(
            imguiPoint({begin, middle - half}), imguiPoint({end, middle + half}),
            imguiColor(mixed(look_.ground, look_.ink, 0.18)), rounding);
        list.AddRectFilled(
            imguiPoint({begin, middle - half}), imguiPoint({grip, middle + half}), accent,
            rounding);
        const bool is_hot = ImGui::IsWindowHovered() &&
                            ImGui::IsMouseHoveringRect(
                                imguiPoint({left, group.y}),
                                imguiPoint({left + group.extent, group.y + px(field_height)}));
        const auto radius = static_cast<float>(grab / 2.0);
        list.AddCircleFilled(imguiPoint({grip, middle}), radius, accent, 24);
        if (!is_hot) {
            list.AddCircleFilled(
                imguiPoint({grip, middle}), radius - static_cast<float>(px(1.0)),
                imguiColor(mixed(look_.ground, look_.ink, 0.03)), 24);
        }
    }
    const ImVec4 clear(0.0F, 0.0F, 0.0F, 0.0F);
    ImGui::SetCursorScreenPos(imguiPoint({left, group.y}));
    ImGui::SetNextItemWidth(static_cast<float>(group.extent));
    const std::array hidden = {ImGuiCol_FrameBg, ImGuiCol_FrameBgHovered, ImGuiCol_FrameBgActive,
                               ImGuiCol_Border,  ImGuiCol_SliderGrab,     ImGuiCol_SliderGrabActive,
                               ImGuiCol_Text};
    for (const ImGuiCol color : hidden) {
        ImGui::PushStyleColor(color, is_typed ? ImGui::GetStyleColorVec4(color) : clear);
    }
    const bool has_changed = ImGui::SliderScalar(
        slider.id, ImGuiDataType_Double, &value, &slider.low, &slider.high, slider.format,
        ImGuiSliderFlags_AlwaysClamp);
    ImGui::PopStyleColor(static_cast<int>(hidden.size()));
    if (ImGui::IsItemActive() && ImGui::GetIO().WantTextInput) {
        typed_ = ImGui::GetID(slider.id);
    } else if (is_typed) {
        typed_ = 0;
    }
    drawText(left + group.extent + px(look_.step), group.y, slider.text, false);
    return has_changed;
}

void ControlStrip::drawLayer(const Group& group) {
    const auto last = static_cast<double>(content_.layers.size());
    const std::size_t chosen = *content_.layer;
    double number = static_cast<double>(chosen) + 1.0;
    const QString text = content_.layers[chosen].label;
    const bool has_moved = drawSlider(group, {"##layer", 1.0, last, "%.0f", text}, number);
    const auto index = static_cast<std::size_t>(std::clamp(std::round(number), 1.0, last)) - 1;
    if (has_moved && index != chosen) {
        content_.layer = index;
        finish([tap = content_.layers[index].tap](ViewState& view) { view.tap = tap; });
    } else {
        finish({});
    }
}

void ControlStrip::drawThreshold(const Group& group) {
    double part = content_.view.threshold;
    const QString text = QString::number(part, 'f', 2);
    if (drawSlider(group, {"##threshold", 0.0, 1.0, "%.2f", text}, part)) {
        finish([part](ViewState& view) { view.threshold = std::clamp(part, 0.0, 1.0); });
    } else {
        finish({});
    }
}

void ControlStrip::drawLevel(const Group& group) {
    const bool is_low = group.kind == Kind::LowLevel;
    double part = is_low ? content_.view.video.low_level : content_.view.video.high_level;
    const QString text = QString::number(part, 'f', 2);
    if (!drawSlider(group, {is_low ? "##low" : "##high", 0.0, 1.0, "%.2f", text}, part)) {
        finish({});
        return;
    }
    finish([is_low, part = std::clamp(part, 0.0, 1.0)](ViewState& view) {
        // The one that is not moved gives way.
        view.video.low_level = is_low ? part : std::min(view.video.low_level, part);
        view.video.high_level = is_low ? std::max(view.video.high_level, part) : part;
    });
}

void ControlStrip::drawOpacity(const Group& group) {
    double percent = std::round(content_.view.opacity * 100.0);
    const QString text = Text::tr("%1 %").arg(percent, 0, 'f', 0);
    if (drawSlider(group, {"##opacity", 0.0, 100.0, "%.0f", text}, percent)) {
        finish(
            [percent](ViewState& view) { view.opacity = std::clamp(percent, 0.0, 100.0) / 100.0; });
    } else {
        finish({});
    }
}

void ControlStrip::drawPointSize(const Group& group) {
    double size = content_.view.cloud.point_size;
    const QString text = QString::number(size, 'f', 2);
    if (drawSlider(group, {"##points", least_point_size, most_point_size, "%.2f", text}, size)) {
        finish([size](ViewState& view) {
            view.cloud.point_size = std::clamp(size, least_point_size, most_point_size);
        });
    } else {
        finish({});
    }
}

bool ControlStrip::drawField(const char* id, double left, double width, double top, double& value) {
    const bool is_fixed = content_.view.range == RangeMode::Fixed;
    const ValueRange range = is_fixed ? content_.view.fixed : content_.range;
    const double span = range.high - range.low;
    const double scale = span > 0.0 ? span : std::max(std::abs(range.high), 1.0);
    ImGui::SetCursorScreenPos(imguiPoint({left, top}));
    ImGui::SetNextItemWidth(static_cast<float>(width));
    const QColor ink = is_fixed ? look_.ink : mixed(look_.ground, look_.ink, 0.5);
    ImGui::PushStyleColor(ImGuiCol_Text, imguiColor(ink));
    const bool has_changed = ImGui::DragScalar(
        id, ImGuiDataType_Double, &value, static_cast<float>(scale / px(200.0)), nullptr, nullptr,
        rangeFormat(range).constData());
    ImGui::PopStyleColor();
    if (ImGui::IsItemHovered() && !ImGui::GetIO().WantTextInput) {
        ImGui::SetMouseCursor(ImGuiMouseCursor_ResizeEW);
    }
    return has_changed;
}

void ControlStrip::drawRange(const Group& group) {
    const ViewState& view = content_.view;
    ValueRange range = view.range == RangeMode::Fixed ? view.fixed : content_.range;
    const double between = std::ceil(px(2.0 * look_.step));
    const double width = std::floor((group.extent - between) / 2.0);
    const double left = group.x + group.label + px(look_.step);
    const QString dash = QStringLiteral("–");
    drawText(left + width + (between - host_.textWidth(dash)) / 2.0, group.y, dash, true);
    for (const bool is_high : {false, true}) {
        double& value = is_high ? range.high : range.low;
        const bool has_changed = drawField(
            is_high ? "##high" : "##low", is_high ? left + width + between : left, width, group.y,
            value);
        const bool is_taken = ImGui::IsItemActivated() && view.range != RangeMode::Fixed;
        if ((has_changed && std::isfinite(value)) || is_taken) {
            // The end that is moved stops at the other one.
            value = std::clamp(value, -farthest_range, farthest_range);
            value = is_high ? std::max(value, range.low) : std::min(value, range.high);
            finish([range](ViewState& changed) {
                changed.range = RangeMode::Fixed;
                changed.fixed = range;
            });
        } else {
            finish({});
        }
    }
}

} // namespace vitreous
