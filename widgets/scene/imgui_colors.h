#pragma once

#include <cmath>

#include <QColor>
#include <QPointF>
#include <imgui.h>

namespace vitreous {

inline ImVec2 imguiPoint(QPointF point) {
    return {static_cast<float>(point.x()), static_cast<float>(point.y())};
}

inline ImVec4 imguiVector(const QColor& color) {
    return {color.redF(), color.greenF(), color.blueF(), color.alphaF()};
}

inline ImU32 imguiColor(const QColor& color) {
    return ImGui::ColorConvertFloat4ToU32(imguiVector(color));
}

/// A colour between two others: share 0 is the first one.
inline QColor mixed(const QColor& from, const QColor& to, double share) {
    const auto channel = [share](float a, float b) {
        return a + (b - a) * static_cast<float>(share);
    };
    return QColor::fromRgbF(
        channel(from.redF(), to.redF()), channel(from.greenF(), to.greenF()),
        channel(from.blueF(), to.blueF()));
}

} // namespace vitreous
