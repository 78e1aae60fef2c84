#include "widgets/grid_painting.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>

#include "widgets/map_image.h"
#include "widgets/text_block.h"
#include "widgets/value_text.h"

namespace vitreous {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Grid)
};

const GridCell& hoveredCell(const GridDrawing& drawing) {
    return drawing.scene.cells[drawing.hover->row][drawing.hover->column];
}

/// Where the hovered token's value lies between the ends of its colour bar.
std::optional<double> hoveredMark(const GridDrawing& drawing) {
    if (!drawing.hover) {
        return std::nullopt;
    }
    const GridCell& cell = hoveredCell(drawing);
    const double value = static_cast<double>(cell.values[drawing.hover->token.value]);
    const double span = cell.range.high - cell.range.low;
    if (!std::isfinite(value) || span <= 0.0) {
        return std::nullopt;
    }
    return std::clamp((value - cell.range.low) / span, 0.0, 1.0);
}

std::array<QString, 3> legendTicks(const GridDrawing& drawing) {
    if (drawing.scene.view.range == RangeMode::PerMap) {
        if (drawing.hover) {
            return tickTexts(hoveredCell(drawing).range);
        }
        return {Text::tr("min"), QString(), Text::tr("max")};
    }
    return tickTexts(rangeOfView(drawing.scene).value_or(ValueRange{}));
}

} // namespace

std::array<QString, 3> tickTexts(const ValueRange& range) {
    if (range.low == range.high) {
        return {tickText(range.low, range), QString(), QString()};
    }
    const double middle = range.low + (range.high - range.low) / 2.0;
    return {tickText(range.low, range), tickText(middle, range), tickText(range.high, range)};
}

void paintColorBar(
    QPainter& painter,
    const GridDrawing& drawing,
    const QRectF& bar,
    const std::array<QString, 3>& ticks,
    std::optional<double> mark) {
    const GridStyle& style = drawing.style;
    const double ratio = painter.device()->devicePixelRatio();
    painter.drawImage(
        bar,
        colorBar(drawing.scene.view.colormap, static_cast<int>(std::ceil(bar.width() * ratio))));
    const std::array<Qt::Alignment, 3> sides = {Qt::AlignLeft, Qt::AlignHCenter, Qt::AlignRight};
    const double tick = style.gap * 1.5;
    const QRectF numbers(
        bar.left(), bar.bottom() + tick, bar.width(), lineHeight(style.small_font));
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        const double room = bar.width() - style.hairline;
        const double x = bar.left() + room * static_cast<double>(i) / 2.0;
        painter.fillRect(QRectF(x, bar.bottom(), style.hairline, tick), style.quiet);
        painter.setPen(style.quiet);
        drawLine(painter, numbers, sides[i] | Qt::AlignTop, style.small_font, ticks[i]);
    }
    if (mark) {
        const double x = bar.left() + *mark * bar.width();
        const double half = style.gap;
        painter.fillRect(
            QRectF(x - half, bar.top() - half, 2.0 * half, bar.height() + 2.0 * half),
            style.ground);
        painter.fillRect(
            QRectF(x - half / 2.0, bar.top() - half, half, bar.height() + 2.0 * half), style.ink);
    }
}

void paintLegend(QPainter& painter, const GridDrawing& drawing) {
    const GridLayout& layout = drawing.layout;
    if (layout.legend.isEmpty()) {
        return;
    }
    const GridStyle& style = drawing.style;
    const double label = lineHeight(style.label_font);
    QRectF text = layout.legend;
    if (!layout.bar.isEmpty()) {
        QRectF bar = layout.bar;
        // The bar shares its middle with the quantity's line.
        bar.moveTop(layout.legend.top() + std::max(0.0, (label - bar.height()) / 2.0));
        paintColorBar(painter, drawing, bar, legendTicks(drawing), hoveredMark(drawing));
        text.setLeft(bar.right() + 2.0 * style.step);
    }
    painter.setPen(style.ink);
    drawText(
        painter, text, Qt::AlignLeft | Qt::AlignTop,
        breakText(drawing.scene.quantity, style.label_font, text.width(), 1));
    painter.setPen(style.quiet);
    drawText(
        painter, text, Qt::AlignLeft | Qt::AlignBottom,
        breakText(rangeRule(drawing.scene.view.range), style.small_font, text.width(), 1));
}

} // namespace vitreous
