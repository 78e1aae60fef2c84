#include "app/desktop/inputs_panel.h"

#include <QItemSelectionModel>
#include <QMenu>
#include <QShortcut>

#include "app/desktop/icons.h"
#include "app/desktop/locate_dialog.h"

namespace vitreous {

InputsPanel::InputsPanel(Session& session, QWidget* parent)
    : Panel(
          tr("Inputs"),
          QStringLiteral("inputsPanel"),
          tr("Pictures that you open appear here."),
          parent),
      session_(session) {
    auto* delegate = new RowDelegate(
        [this](const QModelIndex& index) {
            const InputItem& item = session_.inputs().items()[std::size_t(index.row())];
            RowContent content;
            content.picture = item.thumbnail;
            content.title = pathText(item.path.filename());
            content.lines = {describe(item)};
            content.failed = item.failure.has_value();
            return content;
        },
        true, this);
    setRows(&session_.inputs(), delegate);
    session_.setReading(InputReading::InView);
    visible_ = new VisibleRows(list());
    connect(visible_, &VisibleRows::changed, this, &InputsPanel::tellRowsInView);
    list()->setSelectionMode(QAbstractItemView::SingleSelection);
    connect(delegate, &RowDelegate::removeRequested, this, &InputsPanel::remove);
    connect(list(), &QListView::customContextMenuRequested, this, &InputsPanel::showMenu);
    connect(
        list()->selectionModel(), &QItemSelectionModel::currentChanged, this,
        [this](const QModelIndex& index) {
            if (index.isValid()) {
                session_.setCurrentInput(session_.inputs().items()[std::size_t(index.row())].id);
            }
        });
    connect(&session_, &Session::currentInputChanged, this, &InputsPanel::showCurrent);
    auto* remove_key = new QShortcut(QKeySequence::Delete, list());
    remove_key->setContext(Qt::WidgetShortcut);
    connect(remove_key, &QShortcut::activated, this, [this] { remove(list()->currentIndex()); });
    showCurrent();
}

void InputsPanel::remove(const QModelIndex& index) {
    if (index.isValid()) {
        session_.removeInput(session_.inputs().items()[std::size_t(index.row())].id);
    }
}

void InputsPanel::tellRowsInView() {
    std::vector<InputId> ids;
    for (int row = visible_->first(); row <= visible_->last(); ++row) {
        ids.push_back(session_.inputs().items()[std::size_t(row)].id);
    }
    session_.setInputsInView(ids);
}

void InputsPanel::showCurrent() {
    const auto current = session_.currentInput();
    const int row = current ? session_.inputs().rowOf(*current) : -1;
    list()->setCurrentIndex(session_.inputs().index(row));
}

void InputsPanel::showMenu(QPoint place) {
    const QModelIndex index = list()->indexAt(place);
    if (!index.isValid()) {
        return;
    }
    QMenu menu;
    const InputItem item = session_.inputs().items()[std::size_t(index.row())];
    const auto missing = missingFile(item);
    if (item.failure || missing) {
        menu.addAction(tr("L&ocate…"), [this, item, missing] {
            if (const auto found = askWhereIs(missing.value_or(item.path), window())) {
                session_.locateInput(item.id, *found);
            }
        });
        menu.addSeparator();
    }
    menu.addAction(
        themedIcon(QStringLiteral("close")), tr("&Remove"), [this, index] { remove(index); });
    menu.exec(list()->viewport()->mapToGlobal(place));
}

} // namespace vitreous
