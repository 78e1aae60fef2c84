#include "app/desktop/models_panel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>
#include <QShortcut>

#include "app/desktop/icons.h"
#include "app/desktop/locate_dialog.h"
#include "app/desktop/model_options_dialog.h"

namespace vitreous {

ModelsPanel::ModelsPanel(Session& session, QWidget* parent)
    : Panel(
          tr("Models"),
          QStringLiteral("modelsPanel"),
          tr("Checkpoints that you open appear here."),
          parent),
      session_(session) {
    auto* delegate = new RowDelegate(
        [this](const QModelIndex& index) {
            const ModelItem& item = itemAt(index);
            RowContent content;
            content.chip = item.chip;
            content.title = QString::fromStdString(item.spec.label);
            content.lines = describe(item);
            content.failed = item.state == ModelItem::State::Failed;
            content.progress = item.state == ModelItem::State::Loading ? item.fraction : -1.0;
            return content;
        },
        false, this);
    setRows(&session_.models(), delegate);
    list()->setSelectionMode(QAbstractItemView::SingleSelection);
    connect(delegate, &RowDelegate::removeRequested, this, &ModelsPanel::remove);
    connect(list(), &QListView::customContextMenuRequested, this, &ModelsPanel::showMenu);
    connect(list(), &QListView::doubleClicked, this, &ModelsPanel::editOptions);
    auto* remove_key = new QShortcut(QKeySequence::Delete, list());
    remove_key->setContext(Qt::WidgetShortcut);
    connect(remove_key, &QShortcut::activated, this, [this] { remove(list()->currentIndex()); });
    auto* options_key = new QShortcut(QKeySequence(Qt::Key_Return), list());
    options_key->setContext(Qt::WidgetShortcut);
    connect(
        options_key, &QShortcut::activated, this, [this] { editOptions(list()->currentIndex()); });
}

const ModelItem& ModelsPanel::itemAt(const QModelIndex& index) const {
    return session_.models().items()[std::size_t(index.row())];
}

void ModelsPanel::remove(const QModelIndex& index) {
    if (index.isValid()) {
        session_.removeModel(itemAt(index).id);
    }
}

void ModelsPanel::editOptions(const QModelIndex& index) {
    if (!index.isValid()) {
        return;
    }
    const ModelItem item = itemAt(index);
    ModelOptionsDialog dialog(item, window());
    if (dialog.exec() == QDialog::Accepted && dialog.spec() != item.spec) {
        session_.reloadModel(item.id, dialog.spec());
    }
}

void ModelsPanel::showMenu(QPoint place) {
    const QModelIndex index = list()->indexAt(place);
    if (!index.isValid()) {
        return;
    }
    const ModelItem item = itemAt(index);
    QMenu menu;
    menu.addAction(themedIcon(QStringLiteral("options")), tr("Model &Options…"), [this, index] {
        editOptions(index);
    });
    if (item.state == ModelItem::State::Failed) {
        menu.addAction(tr("L&ocate…"), [this, item] {
            const auto missing = missingFile(item.spec).value_or(item.spec.path);
            if (const auto found = askWhereIs(missing, window())) {
                session_.locateModel(item.id, *found);
            }
        });
    }
    QAction* up = menu.addAction(tr("Move &Up"), [this, item] { session_.moveModelUp(item.id); });
    up->setEnabled(index.row() > 0);
    menu.addAction(tr("&Load Again"), [this, item] { session_.reloadModel(item.id, item.spec); });
    menu.addAction(tr("&Copy Description"), [item] {
        QGuiApplication::clipboard()->setText(
            QString::fromStdString(item.spec.path.string()) + u'\n' + describe(item).join(u'\n'));
    });
    menu.addSeparator();
    menu.addAction(themedIcon(QStringLiteral("close")), tr("&Remove"), [this, item] {
        session_.removeModel(item.id);
    });
    menu.exec(list()->viewport()->mapToGlobal(place));
}

} // namespace vitreous
