#include "app/desktop/segments.h"

#include <QAction>
#include <QHBoxLayout>
#include <QToolButton>

namespace vitreous {

Segments::Segments(const QString& name, const std::vector<QAction*>& actions, bool icons_only) {
    setAccessibleName(name);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    for (std::size_t i = 0; i < actions.size(); ++i) {
        QAction* action = actions[i];
        auto* button = new QToolButton(this);
        button->setDefaultAction(action);
        button->setToolButtonStyle(icons_only ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextOnly);
        button->setFocusPolicy(Qt::TabFocus);
        const QString text = action->iconText();
        button->setAccessibleName(QString(name + QStringLiteral(": ") + text));
        const QString shortcut = action->shortcut().toString(QKeySequence::NativeText);
        action->setToolTip(
            shortcut.isEmpty() ? text : QStringLiteral("%1  (%2)").arg(text, shortcut));
        button->setProperty("segment", true);
        button->setProperty("icononly", icons_only);
        button->setProperty(
            "place", i == 0                    ? "first"
                     : i + 1 == actions.size() ? "last"
                                               : "middle");
        layout->addWidget(button);
    }
}

} // namespace vitreous
