#include "widgets/grid_painting.h"

#include <algorithm>
#include <cmath>

#include "widgets/cloud_cells.h"
#include "widgets/text_block.h"
#include "widgets/value_text.h"

namespace vitreous {
namespace {

constexpr int label_lines = 3;

/// A model's name with its chip, and what of the model the column shows.
void paintModelHead(QPainter& painter, const GridDrawing& drawing, const ColumnHead& head) {
    const GridStyle& style = drawing.style;
    const GridColumn& column = drawing.scene.columns[head.column];
    const double indent = column.chip.isValid() ? 1.5 * style.step : 0.0;
    TextBlock text = breakText(
        column.label.section(QLatin1Char('\n'), 0, 0), style.head_font, head.rect.width() - indent,
        1);
    const double line = lineHeight(style.head_font);
    const double left =
        head.rect.left() + std::max(0.0, (head.rect.width() - text.width - indent) / 2.0);
    const QRectF first(left + indent, head.rect.bottom() - 2.0 * line, head.rect.width(), line);
    drawText(painter, first, Qt::AlignLeft | Qt::AlignVCenter, text);
    if (indent > 0.0) {
        painter.fillRect(
            QRectF(left, std::round(first.center().y() - style.step / 2.0), style.step, style.step),
            column.chip);
    }
    text = breakText(
        column.label.section(QLatin1Char('\n'), 1), style.head_font, head.rect.width(), 1);
    drawText(painter, head.rect, Qt::AlignHCenter | Qt::AlignBottom, text);
}

void paintColumnHeads(QPainter& painter, const GridDrawing& drawing) {
    const GridStyle& style = drawing.style;
    for (const ColumnHead& head : drawing.layout.column_heads) {
        const QString& label = drawing.scene.columns[head.column].label;
        const bool is_current = drawing.scene.columns[head.column].is_current;
        painter.setPen(is_current ? style.ink : style.quiet);
        if (label.contains(QLatin1Char('\n'))) {
            paintModelHead(painter, drawing, head);
        } else {
            const TextBlock text = breakText(label, style.head_font, head.rect.width(), head.lines);
            drawText(painter, head.rect, Qt::AlignHCenter | Qt::AlignBottom, text);
        }
        if (is_current) {
            // In the space between the head and its cells.
            const double thick = 2.0 * style.hairline;
            painter.fillRect(
                QRectF(
                    head.rect.left(), head.rect.bottom() + style.gap / 2.0, head.rect.width(),
                    thick),
                style.ink);
        }
    }
}

void paintRowHead(QPainter& painter, const GridDrawing& drawing, const RowHead& head) {
    const GridStyle& style = drawing.style;
    const GridRow& row = drawing.scene.rows[head.row];
    const double indent = 1.5 * style.step;
    const std::optional<ValueRange> range = drawing.scene.range == RangeMode::PerRow
                                                ? rangeOfRow(drawing.scene, head.row)
                                                : std::nullopt;
    const double bar_room =
        range ? style.step + style.bar_height + 2.0 * style.gap + lineHeight(style.small_font)
              : 0.0;
    const double line = lineHeight(style.label_font);
    const int lines =
        std::clamp(static_cast<int>((head.rect.height() - bar_room) / line), 1, label_lines);
    const TextBlock label =
        breakText(row.label, style.label_font, head.rect.width() - indent, lines);
    const double top =
        head.rect.top() + std::max(0.0, (head.rect.height() - label.height() - bar_room) / 2.0);
    const double chip = style.step;
    if (row.chip.isValid()) {
        painter.fillRect(
            QRectF(head.rect.left(), std::round(top + (line - chip) / 2.0), chip, chip), row.chip);
    }
    painter.setPen(style.ink);
    const QRectF text(head.rect.left() + indent, top, head.rect.width() - indent, label.height());
    drawText(painter, text, Qt::AlignLeft | Qt::AlignTop, label);
    if (range) {
        const QRectF bar(
            head.rect.left(), text.bottom() + style.step, head.rect.width(), style.bar_height);
        paintColorBar(painter, drawing, bar, tickTexts(*range), std::nullopt);
    }
}

void paintMessages(QPainter& painter, const GridDrawing& drawing) {
    const GridStyle& style = drawing.style;
    painter.setPen(style.quiet);
    for (const RowMessage& message : drawing.layout.messages) {
        const int lines =
            std::max(1, static_cast<int>(message.rect.height() / lineHeight(style.label_font)));
        drawText(
            painter, message.rect, Qt::AlignLeft | Qt::AlignVCenter,
            breakText(
                drawing.scene.rows[message.row].message, style.label_font, message.rect.width(),
                lines));
    }
}

void paintCellTexts(QPainter& painter, const GridDrawing& drawing) {
    const GridStyle& style = drawing.style;
    for (const CellPlace& place : drawing.layout.cells) {
        if (place.map.isEmpty()) {
            const QPointF middle = place.box.center();
            const double half = style.step / 2.0;
            painter.fillRect(
                QRectF(
                    std::round(middle.x() - half), std::round(middle.y()), 2.0 * half,
                    style.hairline),
                style.faint);
        } else if (const GridCell& cell = drawing.scene.cells[place.row][place.column];
                   !place.foot.isEmpty() && hasMap(cell)) {
            const ValueRange& range = cell.range;
            TextBlock numbers;
            numbers.lines =
                drawing.layout.foot_lines > 1 ? rangeLines(range) : QStringList{rangeText(range)};
            numbers.font = style.small_font;
            numbers.line_height = lineHeight(style.small_font);
            painter.setPen(style.quiet);
            drawText(painter, place.foot, Qt::AlignHCenter | Qt::AlignVCenter, numbers);
        }
    }
}

/// Four filled strips around a rectangle: as sharp with OpenGL as without.
void paintFrame(QPainter& painter, const QRectF& inner, double width, const QColor& color) {
    const QRectF outer = inner.adjusted(-width, -width, width, width);
    painter.fillRect(QRectF(outer.left(), outer.top(), outer.width(), width), color);
    painter.fillRect(QRectF(outer.left(), inner.bottom(), outer.width(), width), color);
    painter.fillRect(QRectF(outer.left(), inner.top(), width, inner.height()), color);
    painter.fillRect(QRectF(inner.right(), inner.top(), width, inner.height()), color);
}

/// A light and a dark ring around a token, outside it, so that one of them shows on any colour.
/// dark_width: in hairlines.
/// seen: the map; at its edges the rings lie inside.
void paintRing(
    QPainter& painter,
    const GridStyle& style,
    const QRectF& seen,
    const QRectF& token,
    double dark_width) {
    const double least = style.step * 0.75;
    const double grow_x = std::max(0.0, (least - token.width()) / 2.0);
    const double grow_y = std::max(0.0, (least - token.height()) / 2.0);
    const QRectF grown = token.adjusted(-grow_x, -grow_y, grow_x, grow_y);
    const double light = 2.0 * style.hairline;
    const double width = light + dark_width * style.hairline;
    const QRectF room = seen.adjusted(width, width, -width, -width);
    const auto within = [](double value, double low, double high) {
        return low < high ? std::clamp(value, low, high) : value;
    };
    const QRectF inner(
        QPointF(
            within(std::floor(grown.left()), room.left(), room.right()),
            within(std::floor(grown.top()), room.top(), room.bottom())),
        QPointF(
            within(std::ceil(grown.right()), room.left(), room.right()),
            within(std::ceil(grown.bottom()), room.top(), room.bottom())));
    paintFrame(painter, inner, light, Qt::white);
    paintFrame(
        painter, inner.adjusted(-light, -light, light, light), dark_width * style.hairline,
        Qt::black);
}

/// Calls for the map of every cell of a grid, and for the picture beside it: with the part that is
/// seen and where the whole lies.
template <typename Mark>
void overMaps(const GridDrawing& drawing, int rows, int columns, Mark mark) {
    for (const CellPlace& place : drawing.layout.cells) {
        const GridCell& cell = drawing.scene.cells[place.row][place.column];
        if (!cell.present || cell.is_cloud || cell.rows != rows || cell.columns != columns) {
            continue;
        }
        mark(place.map, place.whole);
        if (!place.picture.isEmpty()) {
            mark(
                place.picture,
                place.whole.translated(place.picture.topLeft() - place.map.topLeft()));
        }
    }
}

/// So much room around a rectangle that nothing is held back by it.
QRectF beyond(const QRectF& rect) {
    constexpr double far = 1e4;
    return rect.adjusted(-far, -far, far, far);
}

/// A ring around a rectangle of tokens, as far as it is seen.
void paintRingIn(
    QPainter& painter,
    const GridStyle& style,
    const QRectF& seen,
    const QRectF& tokens,
    double dark_width) {
    // Half a unit: a token at the edge may end a rounding error beyond it.
    if (seen.adjusted(-0.5, -0.5, 0.5, 0.5).contains(tokens)) {
        paintRing(painter, style, seen, tokens, dark_width);
    } else if (seen.intersects(tokens)) {
        painter.save();
        painter.setClipRect(seen, Qt::IntersectClip);
        paintRing(painter, style, beyond(tokens), tokens, dark_width);
        painter.restore();
    }
}

/// The dark ring of what is pinned is the broader one.
void paintSelection(QPainter& painter, const GridDrawing& drawing) {
    const Selection& selection = drawing.scene.view.selection;
    constexpr double broad = 3.0;
    if (const auto& pinned = selection.pinned; pinned && !pinned->is_group) {
        overMaps(
            drawing, pinned->rows, pinned->columns, [&](const QRectF& seen, const QRectF& whole) {
                const QRectF token = tokenRect(whole, pinned->rows, pinned->columns, pinned->token);
                paintRingIn(painter, drawing.style, seen, token, broad);
            });
    }
    if (const auto& region = selection.region) {
        const auto corner = [&](int row, int column) {
            return TokenIndex{static_cast<std::size_t>(row * region->columns + column)};
        };
        overMaps(
            drawing, region->rows, region->columns, [&](const QRectF& seen, const QRectF& whole) {
                const auto rectAt = [&](int row, int column) {
                    return tokenRect(whole, region->rows, region->columns, corner(row, column));
                };
                const QRectF tokens = rectAt(region->first_row, region->first_column)
                                          .united(rectAt(region->last_row, region->last_column));
                paintRingIn(painter, drawing.style, seen, tokens, broad);
            });
    }
}

void paintMarks(QPainter& painter, const GridDrawing& drawing) {
    paintSelection(painter, drawing);
    if (!drawing.hover) {
        return;
    }
    const GridHit& hit = *drawing.hover;
    const GridCell& marked = drawing.scene.cells[hit.row][hit.column];
    if (marked.is_cloud) {
        return;
    }
    overMaps(drawing, marked.rows, marked.columns, [&](const QRectF& seen, const QRectF& whole) {
        const QRectF token = tokenRect(whole, marked.rows, marked.columns, hit.token);
        paintRingIn(painter, drawing.style, seen, token, 1.0);
    });
}

} // namespace

void paintBody(QPainter& painter, const GridDrawing& drawing) {
    paintColumnHeads(painter, drawing);
    for (const RowHead& head : drawing.layout.row_heads) {
        paintRowHead(painter, drawing, head);
    }
    paintMessages(painter, drawing);
    paintCellTexts(painter, drawing);
    paintCloudMarks(painter, drawing);
    paintMarks(painter, drawing);
}

} // namespace vitreous
