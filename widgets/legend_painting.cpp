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
    const auto value = static_cast<double>(cell.values[drawing.hover->token.value]);
    const double span = cell.range.high - cell.range.low;
    if (!std::isfinite(value) || span <= 0.0) {
        return std::nullopt;
    }
    return std::clamp((value - cell.range.low) / span, 0.0, 1.0);
}

/// The ranges whose low or high ends are outermost among all maps.
struct OuterRanges {
    std::optional<ValueRange> least_low;
    std::optional<ValueRange> most_low;
    std::optional<ValueRange> least_high;
    std::optional<ValueRange> most_high;

    explicit OuterRanges(const GridScene& scene) {
        for (const std::vector<GridCell>& row : scene.cells) {
            for (const GridCell& cell : row) {
                if (hasMap(cell)) {
                    add(cell.range);
                }
            }
        }
    }

private:
    void add(const ValueRange& range) {
        const auto keep = [&range](std::optional<ValueRange>& outer, bool is_further) {
            if (!outer || is_further) {
                outer = range;
            }
        };
        keep(least_low, least_low && range.low < least_low->low);
        keep(most_low, most_low && range.low > most_low->low);
        keep(least_high, least_high && range.high < least_high->high);
        keep(most_high, most_high && range.high > most_high->high);
    }
};

/// Each number with the digits that it has below its own map.
std::array<QString, 3> spreadTicks(const GridScene& scene) {
    const OuterRanges outer(scene);
    if (!outer.least_low) {
        return {};
    }
    if (outer.least_low->low == outer.most_low->low &&
        outer.least_high->high == outer.most_high->high) {
        return tickTexts(*outer.least_low);
    }
    const auto between = [](const QString& one, const QString& both, const QString& from,
                            const QString& to) {
        return from == to ? one.arg(from) : both.arg(from, to);
    };
    return {
        between(
            Text::tr("min %1"), Text::tr("min %1 to %2"),
            tickText(outer.least_low->low, *outer.least_low),
            tickText(outer.most_low->low, *outer.most_low)),
        QString(),
        between(
            Text::tr("max %1"), Text::tr("max %1 to %2"),
            tickText(outer.least_high->high, *outer.least_high),
            tickText(outer.most_high->high, *outer.most_high))};
}

} // namespace

std::array<QString, 3> legendTicks(const GridScene& scene, const std::optional<GridHit>& hover) {
    if (isRangePerCell(scene.range)) {
        return hover && hasMap(scene.cells[hover->row][hover->column])
                   ? tickTexts(scene.cells[hover->row][hover->column].range)
                   : spreadTicks(scene);
    }
    return tickTexts(rangeOfView(scene).value_or(ValueRange{}));
}

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
        bar, colorBar(drawing.scene.colormap, static_cast<int>(std::ceil(bar.width() * ratio))));
    const std::array<Qt::Alignment, 3> sides = {Qt::AlignLeft, Qt::AlignHCenter, Qt::AlignRight};
    double room_left = bar.width() - 2.0 * style.step;
    for (const QString& text : ticks) {
        room_left -= textWidth(style.small_font, text);
    }
    const double tick = style.gap * 1.5;
    const QRectF numbers(
        bar.left(), bar.bottom() + tick, bar.width(), lineHeight(style.small_font));
    for (std::size_t i = 0; i < ticks.size(); ++i) {
        const double room = bar.width() - style.hairline;
        const double x = bar.left() + room * static_cast<double>(i) / 2.0;
        painter.fillRect(QRectF(x, bar.bottom(), style.hairline, tick), style.quiet);
        painter.setPen(style.quiet);
        if (i != 1 || room_left >= 0.0) {
            drawLine(painter, numbers, sides[i] | Qt::AlignTop, style.small_font, ticks[i]);
        }
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
    const QRectF& text = layout.legend_text;
    if (!layout.bar.isEmpty()) {
        paintColorBar(
            painter, drawing, layout.bar, legendTicks(drawing.scene, drawing.hover),
            hoveredMark(drawing));
    }
    painter.setPen(style.ink);
    drawText(
        painter, text, Qt::AlignLeft | Qt::AlignTop,
        breakText(drawing.scene.quantity, style.label_font, text.width(), 1));
    painter.setPen(style.quiet);
    drawText(
        painter, text, Qt::AlignLeft | Qt::AlignBottom,
        breakText(rangeRule(drawing.scene), style.small_font, text.width(), 1));
}

} // namespace vitreous
