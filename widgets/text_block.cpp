#include "widgets/text_block.h"

#include <algorithm>
#include <cmath>

#include <QFontMetricsF>
#include <QTextLayout>

namespace vitreous {
namespace {

constexpr QChar may_break{0x200B};

/// Lets lines end after the joints of paths and model names.
QString withBreaks(const QString& text) {
    QString broken;
    for (qsizetype i = 0; i < text.size(); ++i) {
        broken += text[i];
        const bool is_in_number = i + 1 < text.size() && text[i + 1].isDigit() && i > 0 &&
                                  text[i - 1].isDigit() && text[i] != u'_' && text[i] != u'/';
        if (QStringView(u"_-./").contains(text[i]) && !is_in_number) {
            broken += may_break;
        }
    }
    return broken;
}

} // namespace

TextBlock breakText(const QString& text, const QFont& font, double width, int max_lines) {
    TextBlock block;
    block.font = font;
    block.line_height = lineHeight(font);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    const QString breakable = withBreaks(text);
    QTextLayout layout(breakable, font);
    layout.setTextOption(option);
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(std::max(width, 1.0));
        const bool is_last = block.lines.size() + 1 >= max_lines;
        QString rest = breakable.mid(line.textStart(), is_last ? -1 : line.textLength());
        rest = rest.remove(may_break).trimmed();
        block.lines.append(
            is_last ? QFontMetricsF(font).elidedText(rest, Qt::ElideRight, width) : rest);
        if (is_last) {
            break;
        }
    }
    layout.endLayout();
    for (const QString& line : block.lines) {
        block.width = std::max(block.width, textWidth(font, line));
    }
    return block;
}

void drawText(
    QPainter& painter,
    const QRectF& rect,
    Qt::Alignment alignment,
    const TextBlock& block) {
    double top = rect.top();
    if (alignment & Qt::AlignVCenter) {
        top += (rect.height() - block.height()) / 2.0;
    } else if (alignment & Qt::AlignBottom) {
        top = rect.bottom() - block.height();
    }
    for (const QString& line : block.lines) {
        const QRectF place(rect.left(), top, rect.width(), block.line_height);
        drawLine(
            painter, place, (alignment & Qt::AlignHorizontal_Mask) | Qt::AlignTop, block.font,
            line);
        top += block.line_height;
    }
}

void drawLine(
    QPainter& painter,
    const QRectF& rect,
    Qt::Alignment alignment,
    const QFont& font,
    const QString& text) {
    painter.setFont(font);
    painter.drawText(
        rect, static_cast<int>(alignment) | Qt::TextSingleLine | Qt::TextDontClip, text);
}

double textWidth(const QFont& font, const QString& text) {
    return QFontMetricsF(font).horizontalAdvance(text);
}

double lineHeight(const QFont& font) {
    return std::ceil(QFontMetricsF(font).height());
}

} // namespace vitreous
