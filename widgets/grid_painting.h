#pragma once

#include <array>
#include <optional>

#include <QPainter>

#include "widgets/grid_layout.h"

namespace vitreous {

/// What is painted: a scene at its places in a style, with the marked token.
struct GridDrawing {
    const GridScene& scene;
    const GridLayout& layout;
    const GridStyle& style;
    std::optional<GridHit> hover;
};

/// The legend: quantity, range rule and, unless each row has its own, the colour bar.
void paintLegend(QPainter& painter, const GridDrawing& drawing);

/// Everything of the body but the maps: heads, messages, dashes for absent taps, numbers, the
/// marks.
void paintBody(QPainter& painter, const GridDrawing& drawing);

/// A colour bar with three ticks and the numbers below them, the middle one where there is room.
/// mark: a place on it, 0..1.
void paintColorBar(
    QPainter& painter,
    const GridDrawing& drawing,
    const QRectF& bar,
    const std::array<QString, 3>& ticks,
    std::optional<double> mark);

/// The numbers below the legend's colour bar. Where each map has its own range: between which
/// numbers the maps' ends lie, or, with a token hovered, the ticks of its map.
std::array<QString, 3> legendTicks(const GridScene& scene, const std::optional<GridHit>& hover);

/// A range's ticks: low, middle, high.
std::array<QString, 3> tickTexts(const ValueRange& range);

} // namespace vitreous
