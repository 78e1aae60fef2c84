#include "app/desktop/visible_rows.h"

#include <algorithm>

#include <QEvent>
#include <QScrollBar>

namespace vitreous {

VisibleRows::VisibleRows(QListView* list) : QObject(list), list_(list) {
    // One pass over the event loop may bring several changes.
    look_soon_.setSingleShot(true);
    look_soon_.setInterval(0);
    connect(&look_soon_, &QTimer::timeout, this, &VisibleRows::look);
    const auto soon = [this] { look_soon_.start(); };
    connect(list_->verticalScrollBar(), &QScrollBar::valueChanged, this, soon);
    connect(list_->verticalScrollBar(), &QScrollBar::rangeChanged, this, soon);
    connect(list_->model(), &QAbstractItemModel::rowsInserted, this, soon);
    connect(list_->model(), &QAbstractItemModel::rowsRemoved, this, soon);
    connect(list_->model(), &QAbstractItemModel::modelReset, this, soon);
    list_->viewport()->installEventFilter(this);
}

bool VisibleRows::eventFilter(QObject* watched, QEvent* event) {
    switch (event->type()) {
    case QEvent::Show:
    case QEvent::Hide:
    case QEvent::Resize:
        look_soon_.start();
        break;
    default:
        break;
    }
    return QObject::eventFilter(watched, event);
}

void VisibleRows::look() {
    const QAbstractItemModel& rows = *list_->model();
    const int count = rows.rowCount();
    first_ = 0;
    last_ = -1;
    if (count > 0 && list_->viewport()->isVisible()) {
        const QModelIndex top = list_->indexAt({1, 1});
        const QModelIndex bottom = list_->indexAt({1, list_->viewport()->height() - 1});
        // Below the last row there is none.
        const int end = bottom.isValid() ? bottom.row() : count - 1;
        first_ = std::max(0, (top.isValid() ? top.row() : 0) - margin);
        last_ = std::min(count - 1, end + margin);
    }
    Q_EMIT changed();
}

} // namespace vitreous
