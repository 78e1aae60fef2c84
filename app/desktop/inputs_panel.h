#pragma once

#include "app/desktop/panel.h"
#include "app/desktop/session.h"

namespace vitreous {

/// The open inputs; the chosen one is what the grid shows.
class InputsPanel final : public Panel {
    Q_OBJECT

public:
    InputsPanel(Session& session, QWidget* parent);

private:
    void remove(const QModelIndex& index);
    void showCurrent();
    void showMenu(QPoint place);

    Session& session_;
};

} // namespace vitreous
