#include "app/desktop/help_dialogs.h"

#include <QCoreApplication>
#include <QDialog>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QKeySequence>
#include <QLabel>
#include <QVBoxLayout>

#include "app/desktop/actions.h"
#include "app/desktop/icons.h"

namespace vitreous {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Help)
};

void addRow(QGridLayout* grid, const QString& text, const QString& keys) {
    const int row = grid->rowCount();
    auto* key_label = new QLabel(keys);
    key_label->setAlignment(Qt::AlignRight);
    key_label->setObjectName(QStringLiteral("shortcutKeys"));
    grid->addWidget(new QLabel(text), row, 0);
    grid->addWidget(key_label, row, 1);
}

QDialogButtonBox* closeButton(QDialog* dialog) {
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    QObject::connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    return buttons;
}

QVBoxLayout* prepare(QDialog& dialog, const QString& title) {
    dialog.setWindowTitle(title);
    auto* layout = new QVBoxLayout(&dialog);
    layout->setContentsMargins(24, 24, 24, 16);
    layout->setSpacing(16);
    return layout;
}

} // namespace

void showShortcuts(QWidget* parent) {
    QDialog dialog(parent);
    QVBoxLayout* layout = prepare(dialog, Text::tr("Shortcuts"));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(48);
    grid->setVerticalSpacing(6);
    for (const ActionSpec& spec : actionTable()) {
        if (*spec.shortcut != '\0') {
            QString text = QCoreApplication::translate("Actions", spec.text);
            const QKeySequence keys(QString::fromLatin1(spec.shortcut));
            addRow(grid, text.remove(u'&').remove(u'…'), keys.toString(QKeySequence::NativeText));
        }
    }
    addRow(grid, Text::tr("Remove the chosen model or input"), Text::tr("Del"));
    addRow(grid, Text::tr("Options of the chosen model"), Text::tr("Return"));
    addRow(grid, Text::tr("Pin a token, or let it go"), Text::tr("Space, Esc"));
    addRow(grid, Text::tr("Move the pinned token"), Text::tr("Arrow keys"));
    layout->addLayout(grid);
    layout->addWidget(closeButton(&dialog));
    dialog.exec();
}

void showAbout(QWidget* parent) {
    QDialog dialog(parent);
    QVBoxLayout* layout = prepare(dialog, Text::tr("About Vitreous"));
    auto* mark = new QLabel;
    mark->setPixmap(QIcon(QStringLiteral(":/icons/vitreous.svg")).pixmap(64, 64));
    layout->addWidget(mark);
    auto* text = new QLabel(
        Text::tr("<p><b>Vitreous %1</b></p>"
                 "<p>Shows which tokens the layers of a vision transformer care about, and what a "
                 "frozen language-model block changes about that.</p>"
                 "<p>Definitions: Pang, Xie, Man, Wang, “Frozen Transformers in Language Models "
                 "Are Effective Visual Encoder Layers”, ICLR 2024, arXiv 2310.12973.</p>"
                 "<p>GPL-3.0-or-later. Built on Qt %2 and LibTorch.</p>")
            .arg(QStringLiteral(VITREOUS_VERSION), QString::fromLatin1(qVersion())));
    text->setWordWrap(true);
    text->setMinimumWidth(400);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(text);
    layout->addWidget(closeButton(&dialog));
    dialog.exec();
}

} // namespace vitreous
