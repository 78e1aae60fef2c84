#pragma once

#include <QToolButton>
#include <QWidget>

class QDockWidget;

namespace vitreous {

/// The quiet title bar of a dock: its name and a button that hides it.
class PanelTitle final : public QWidget {
    Q_OBJECT

public:
    PanelTitle(const QString& title, QDockWidget* dock);

    /// Icons in the current theme's colours.
    void updateIcons();

private:
    QToolButton* close_;
};

} // namespace vitreous
