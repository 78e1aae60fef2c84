#include "widgets/grid_painting.h"

#include <algorithm>
#include <cmath>

#include "widgets/text_block.h"
#include "widgets/value_text.h"

namespace vitreous {
namespace {

constexpr int label_lines = 3;

void paintColumnHeads(QPainter& painter, const GridDrawing& drawing) {
    const GridStyle& style = drawing.style;
    painter.setPen(style.quiet);
    for (const ColumnHead& head : drawing.layout.column_heads) {
        const TextBlock text = breakText(
            drawing.scene.columns[head.column].label, style.head_font, head.rect.width(),
            head.lines);
        drawText(painter, head.rect, Qt::AlignHCenter | Qt::AlignBottom, text);
    }
}

void paintRowHead(QPainter& painter, const GridDrawing& drawing, const RowHead& head) {
    const GridStyle& style = drawing.style;
    const GridRow& row = drawing.scene.rows[head.row];
    const double indent = 1.5 * style.step;
    const std::optional<ValueRange> range = drawing.scene.view.range == RangeMode::PerRow
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
        } else if (!place.foot.isEmpty()) {
            const ValueRange& range = drawing.scene.cells[place.row][place.column].range;
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
void paintRing(QPainter& painter, const GridStyle& style, const QRectF& token, double dark_width) {
    const double least = style.step * 0.75;
    const double grow_x = std::max(0.0, (least - token.width()) / 2.0);
    const double grow_y = std::max(0.0, (least - token.height()) / 2.0);
    const QRectF grown = token.adjusted(-grow_x, -grow_y, grow_x, grow_y);
    const QRectF inner(
        QPointF(std::floor(grown.left()), std::floor(grown.top())),
        QPointF(std::ceil(grown.right()), std::ceil(grown.bottom())));
    const double light = 2.0 * style.hairline;
    paintFrame(painter, inner, light, Qt::white);
    paintFrame(
        painter, inner.adjusted(-light, -light, light, light), dark_width * style.hairline,
        Qt::black);
}

/// The pinned token's dark ring is the broader one.
void paintPinned(QPainter& painter, const GridDrawing& drawing) {
    const std::optional<TokenPlace>& pinned = drawing.scene.view.selection.pinned;
    if (!pinned) {
        return;
    }
    for (const CellPlace& place : drawing.layout.cells) {
        const GridCell& cell = drawing.scene.cells[place.row][place.column];
        if (cell.present && cell.rows == pinned->rows && cell.columns == pinned->columns) {
            paintRing(
                painter, drawing.style,
                tokenRect(place.map, cell.rows, cell.columns, pinned->token), 3.0);
        }
    }
}

void paintMarks(QPainter& painter, const GridDrawing& drawing) {
    paintPinned(painter, drawing);
    if (!drawing.hover) {
        return;
    }
    const GridHit& hit = *drawing.hover;
    const GridCell& marked = drawing.scene.cells[hit.row][hit.column];
    for (const CellPlace& place : drawing.layout.cells) {
        const GridCell& cell = drawing.scene.cells[place.row][place.column];
        if (haveSameGrid(cell, marked)) {
            paintRing(
                painter, drawing.style, tokenRect(place.map, cell.rows, cell.columns, hit.token),
                1.0);
        }
    }
}

} // namespace

void paintBody(QPainter& painter, const GridDrawing& drawing) {
    paintColumnHeads(painter, drawing);
    for (const RowHead& head : drawing.layout.row_heads) {
        paintRowHead(painter, drawing, head);
    }
    paintMessages(painter, drawing);
    paintCellTexts(painter, drawing);
    paintMarks(painter, drawing);
}

} // namespace vitreous
