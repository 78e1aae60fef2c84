#include "app/desktop/help_dialogs.h"

#include <vector>

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

/// What a key or a gesture does.
struct Habit {
    QString text;
    QString keys;
};

std::vector<Habit> habits() {
    std::vector<Habit> all;
    for (const ActionSpec& spec : actionTable()) {
        if (*spec.shortcut != '\0') {
            QString text = QCoreApplication::translate("Actions", spec.text);
            const QKeySequence keys(QString::fromLatin1(spec.shortcut));
            all.push_back(
                {text.remove(u'&').remove(u'…'), keys.toString(QKeySequence::NativeText)});
        }
    }
    all.push_back({Text::tr("Remove the chosen model or input"), Text::tr("Del")});
    all.push_back({Text::tr("Options of the chosen model"), Text::tr("Return")});
    all.push_back({Text::tr("Pin a token, or let it go"), Text::tr("Click or Space, Esc")});
    all.push_back({Text::tr("Move the pinned token"), Text::tr("Arrow keys")});
    all.push_back({Text::tr("Select a region"), Text::tr("Drag, or Shift and arrow keys")});
    all.push_back({Text::tr("A token’s attention"), Text::tr("Double click")});
    all.push_back({Text::tr("Through the layers, in Scrub"), Text::tr("Wheel")});
    all.push_back({Text::tr("Zoom where the pointer is"), Text::tr("Ctrl and wheel")});
    all.push_back({Text::tr("Pan"), Text::tr("Drag with the middle or right button")});
    all.push_back({Text::tr("Play or pause, on the timeline"), Text::tr("Space")});
    all.push_back(
        {Text::tr("A frame on or back, ten frames"), Text::tr("Left and Right there, with Shift")});
    all.push_back({Text::tr("The first or last frame"), Text::tr("Home or End there")});
    all.push_back({Text::tr("Zoom or move the timeline"), Text::tr("Ctrl and wheel, wheel")});
    all.push_back({Text::tr("Turn a point cloud"), Text::tr("Drag, or Shift and arrow keys")});
    all.push_back(
        {Text::tr("Move a point cloud"), Text::tr("Drag with the middle or right button")});
    all.push_back(
        {Text::tr("Nearer to a point cloud"),
         Text::tr("Wheel, with Ctrl in Scrub and where the grid scrolls")});
    return all;
}

/// The habits in two columns: in one they would be taller than many screens.
QGridLayout* habitGrid() {
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(6);
    grid->setColumnMinimumWidth(2, 24);
    const std::vector<Habit> all = habits();
    const std::size_t half = (all.size() + 1) / 2;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const int row = int(i % half);
        const int column = i < half ? 0 : 3;
        auto* keys = new QLabel(all[i].keys);
        keys->setAlignment(Qt::AlignRight);
        keys->setObjectName(QStringLiteral("shortcutKeys"));
        grid->addWidget(new QLabel(all[i].text), row, column);
        grid->addWidget(keys, row, column + 1);
    }
    return grid;
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
    layout->addLayout(habitGrid());
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
