#pragma once

#include <functional>

#include <QColor>
#include <QImage>
#include <QStyledItemDelegate>

namespace vitreous {

/// What a row of a panel shows.
struct RowContent {
    QColor chip;    ///< valid: a colour chip at the left
    QImage picture; ///< else a thumbnail
    QString title;
    QStringList lines;      ///< below the title, quiet
    bool failed = false;    ///< lines tell an error: wrapped, in the error's colour
    double progress = -1.0; ///< 0..1: a thin bar; negative: none
};

/// Paints the rows of the Models and Inputs panels; a click on the cross removes a row.
class RowDelegate final : public QStyledItemDelegate {
    Q_OBJECT

public:
    using ContentOf = std::function<RowContent(const QModelIndex&)>;

    RowDelegate(ContentOf content, bool has_pictures, QObject* parent);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index)
        const override;
    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index)
        const override;
    bool editorEvent(
        QEvent* event,
        QAbstractItemModel* model,
        const QStyleOptionViewItem& option,
        const QModelIndex& index) override;

Q_SIGNALS:
    void removeRequested(const QModelIndex& index);

private:
    [[nodiscard]] int textLeft() const;
    void paintMark(QPainter& painter, const QRect& rect, const RowContent& content) const;

    ContentOf content_;
    bool has_pictures_;
};

} // namespace vitreous
