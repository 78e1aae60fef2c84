#pragma once

#include <QFont>
#include <QPainter>
#include <QRectF>
#include <QStringList>

namespace vitreous {

/// Text broken into lines, ready to be drawn.
struct TextBlock {
    QStringList lines;
    QFont font;
    double width = 0.0; ///< of the widest line
    double line_height = 0.0;

    [[nodiscard]] double height() const { return line_height * static_cast<double>(lines.size()); }
};

/// Breaks text at words, or anywhere where a word alone is too wide; the last of max_lines is
/// elided.
TextBlock breakText(const QString& text, const QFont& font, double width, int max_lines);

/// Draws a block inside a rectangle, aligned both ways, in the painter's pen.
void drawText(
    QPainter& painter,
    const QRectF& rect,
    Qt::Alignment alignment,
    const TextBlock& block);

/// Draws one line that is not broken or elided.
void drawLine(
    QPainter& painter,
    const QRectF& rect,
    Qt::Alignment alignment,
    const QFont& font,
    const QString& text);

double textWidth(const QFont& font, const QString& text);
double lineHeight(const QFont& font);

} // namespace vitreous
