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

/// A colour bar with three ticks and the numbers below them. value marks a place on it.
void paintColorBar(
    QPainter& painter,
    const GridDrawing& drawing,
    const QRectF& bar,
    const std::array<QString, 3>& ticks,
    std::optional<double> mark);

/// A range's ticks: low, middle, high.
std::array<QString, 3> tickTexts(const ValueRange& range);

} // namespace vitreous
