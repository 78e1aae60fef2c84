#include "app/desktop/row_delegate.h"

#include <algorithm>

#include <QListView>
#include <QMouseEvent>
#include <QPainter>

#include "app/desktop/icons.h"
#include "app/desktop/theme.h"
#include "widgets/text_block.h"

namespace vitreous {
namespace {

constexpr int step = 8;
constexpr int left_margin = 16;
constexpr int chip_side = 10;
constexpr int picture_side = 48;
constexpr int cross_side = 16;
constexpr int error_lines = 6;
constexpr int fact_lines = 2;

QFont quietFont(const QFont& font) {
    QFont small = font;
    small.setPointSizeF(font.pointSizeF() * 0.92);
    return small;
}

QFont titleFont(const QFont& font) {
    QFont title = font;
    title.setWeight(QFont::DemiBold);
    return title;
}

QRect crossRect(const QRect& row) {
    return {row.right() - cross_side - step + 1, row.top() + step, cross_side, cross_side};
}

/// The text below the title, broken for the width.
std::vector<TextBlock> textBlocks(const RowContent& content, const QFont& font, double width) {
    std::vector<TextBlock> blocks;
    for (const QString& line : content.lines) {
        blocks.push_back(breakText(line, font, width, content.failed ? error_lines : fact_lines));
    }
    return blocks;
}

} // namespace

RowDelegate::RowDelegate(ContentOf content, bool has_pictures, QObject* parent)
    : QStyledItemDelegate(parent), content_(std::move(content)), has_pictures_(has_pictures) {}

int RowDelegate::textLeft() const {
    return left_margin + (has_pictures_ ? picture_side : chip_side) + step;
}

QSize RowDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const auto* view = qobject_cast<const QListView*>(option.widget);
    const int width = view != nullptr ? view->viewport()->width() : option.rect.width();
    const RowContent content = content_(index);
    const double room = std::max(1, width - textLeft() - cross_side - 2 * step);
    double height = lineHeight(titleFont(option.font));
    for (const TextBlock& block : textBlocks(content, quietFont(option.font), room)) {
        height += block.height() + 2.0;
    }
    if (content.progress >= 0.0) {
        height += step;
    }
    const int least = has_pictures_ ? picture_side : 0;
    return {1, std::max(least, int(height + 0.5)) + 2 * step};
}

void RowDelegate::paintMark(QPainter& painter, const QRect& rect, const RowContent& content) const {
    const Theme& theme = currentTheme();
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(Qt::NoPen);
    if (!has_pictures_) {
        const int line = int(lineHeight(titleFont(painter.font())));
        const QRect chip(
            rect.left() + left_margin, rect.top() + step + (line - chip_side) / 2, chip_side,
            chip_side);
        painter.setBrush(content.chip);
        painter.drawRoundedRect(chip, 2.5, 2.5);
        return;
    }
    const QRect frame(rect.left() + left_margin, rect.top() + step, picture_side, picture_side);
    if (content.picture.isNull()) {
        painter.setBrush(theme.hover);
        painter.drawRoundedRect(frame, 4.0, 4.0);
        const QPixmap icon = iconPixmap(
            content.failed ? QStringLiteral("warning") : QStringLiteral("picture"),
            content.failed ? theme.error : theme.faint, 20, painter.device()->devicePixelRatioF());
        painter.drawPixmap(frame.center() - QPoint(9, 9), icon);
        return;
    }
    // A square cut from the middle: thumbnails of all shapes line up.
    const int side = std::min(content.picture.width(), content.picture.height());
    const QRect source(
        (content.picture.width() - side) / 2, (content.picture.height() - side) / 2, side, side);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, true);
    painter.drawImage(frame, content.picture, source);
}

void RowDelegate::paint(
    QPainter* painter,
    const QStyleOptionViewItem& option,
    const QModelIndex& index) const {
    const Theme& theme = currentTheme();
    const RowContent content = content_(index);
    const bool is_selected = option.state.testFlag(QStyle::State_Selected);
    const bool is_hovered = option.state.testFlag(QStyle::State_MouseOver);
    const bool has_focus = option.state.testFlag(QStyle::State_HasFocus);
    painter->save();
    painter->setFont(option.font);
    if (is_selected || is_hovered) {
        painter->fillRect(option.rect, is_selected ? theme.chosen : theme.hover);
    }
    if (has_focus) {
        painter->fillRect(
            QRect(option.rect.topLeft(), QSize(2, option.rect.height())), theme.accent);
    }
    paintMark(*painter, option.rect, content);
    const QColor ink = is_selected ? theme.chosen_ink : theme.ink;
    const int left = option.rect.left() + textLeft();
    const double room = std::max(1, option.rect.right() - cross_side - 2 * step - left + 1);
    const TextBlock title = breakText(content.title, titleFont(option.font), room, 1);
    double top = option.rect.top() + step;
    painter->setPen(ink);
    drawText(
        *painter, QRectF(left, top, room, title.height()), Qt::AlignLeft | Qt::AlignTop, title);
    top += title.height() + 2.0;
    painter->setPen(content.failed ? theme.error : theme.quiet);
    for (const TextBlock& block : textBlocks(content, quietFont(option.font), room)) {
        drawText(
            *painter, QRectF(left, top, room, block.height()), Qt::AlignLeft | Qt::AlignTop, block);
        top += block.height() + 2.0;
    }
    if (content.progress >= 0.0) {
        painter->setPen(Qt::NoPen);
        const QRectF bar(left, top + 3.0, room, 2.0);
        painter->fillRect(bar, theme.edge);
        painter->fillRect(
            QRectF(bar.topLeft(), QSizeF(bar.width() * content.progress, 2.0)), theme.accent);
    }
    if (is_hovered) {
        painter->drawPixmap(
            crossRect(option.rect).topLeft(), iconPixmap(
                                                  QStringLiteral("close"), theme.quiet, cross_side,
                                                  painter->device()->devicePixelRatioF()));
    }
    painter->restore();
}

bool RowDelegate::editorEvent(
    QEvent* event,
    QAbstractItemModel* model,
    const QStyleOptionViewItem& option,
    const QModelIndex& index) {
    if (event->type() == QEvent::MouseButtonPress || event->type() == QEvent::MouseButtonRelease) {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if (mouse->button() == Qt::LeftButton &&
            crossRect(option.rect).adjusted(-4, -4, 4, 4).contains(mouse->pos())) {
            if (event->type() == QEvent::MouseButtonRelease) {
                Q_EMIT removeRequested(index);
            }
            return true;
        }
    }
    return QStyledItemDelegate::editorEvent(event, model, option, index);
}

} // namespace vitreous
