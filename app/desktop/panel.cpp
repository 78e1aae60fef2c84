#include "app/desktop/panel.h"

namespace vitreous {
namespace {

/// Lays its rows out anew when it becomes wider or narrower: they are broken for the width.
class RowList final : public QListView {
public:
    RowList() { setResizeMode(QListView::Adjust); }

    /// A list view would lay out every row anew: with thousands of rows, a picture that arrives
    /// would cost as much as all of them.
    void dataChanged(const QModelIndex& first, const QModelIndex& last, const QList<int>& roles)
        override {
        if (first == last && laidOutHeight(first) == sizeHintForIndex(first).height()) {
            // NOLINTNEXTLINE(bugprone-parent-virtual-call): QListView's layout is left out.
            QAbstractItemView::dataChanged(first, last, roles);
        } else {
            QListView::dataChanged(first, last, roles);
        }
    }

protected:
    void resizeEvent(QResizeEvent* event) override {
        QListView::resizeEvent(event);
        scheduleDelayedItemsLayout();
    }

private:
    /// The room that the row has, up to the next one. Its visualRect() is made from the size hint
    /// of now, not from the layout.
    [[nodiscard]] int laidOutHeight(const QModelIndex& index) const {
        const QModelIndex next = index.siblingAtRow(index.row() + 1);
        const int end =
            next.isValid() ? visualRect(next).top() : contentsSize().height() - verticalOffset();
        return end - visualRect(index).top();
    }
};

} // namespace

Panel::Panel(const QString& title, const QString& name, const QString& hint, QWidget* parent)
    : QDockWidget(title, parent), list_(new RowList), hint_(new QLabel(hint)),
      title_(new PanelTitle(title, this)), stack_(new QStackedLayout) {
    setObjectName(name);
    setAllowedAreas(Qt::LeftDockWidgetArea | Qt::RightDockWidgetArea);
    setFeatures(DockWidgetClosable | DockWidgetMovable | DockWidgetFloatable);

    setTitleBarWidget(title_);

    list_->setAccessibleName(title);
    list_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list_->setMouseTracking(true);
    list_->setContextMenuPolicy(Qt::CustomContextMenu);
    list_->setFrameShape(QFrame::NoFrame);
    list_->setMinimumHeight(96);
    hint_->setObjectName(QStringLiteral("panelHint"));
    hint_->setWordWrap(true);
    hint_->setAlignment(Qt::AlignTop | Qt::AlignLeft);

    auto* body = new QWidget;
    body->setMinimumWidth(208);
    stack_->setContentsMargins(0, 0, 0, 0);
    stack_->addWidget(hint_);
    stack_->addWidget(list_);
    body->setLayout(stack_);
    setWidget(body);
}

void Panel::setRows(QAbstractItemModel* rows, RowDelegate* delegate) {
    list_->setModel(rows);
    list_->setItemDelegate(delegate);
    connect(rows, &QAbstractItemModel::rowsInserted, this, &Panel::updateHint);
    connect(rows, &QAbstractItemModel::rowsRemoved, this, &Panel::updateHint);
    updateHint();
}

void Panel::updateHint() {
    stack_->setCurrentIndex(list_->model()->rowCount() > 0 ? 1 : 0);
}

void Panel::updateIcons() {
    title_->updateIcons();
}

} // namespace vitreous
