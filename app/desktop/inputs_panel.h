#pragma once

#include "app/desktop/panel.h"
#include "app/desktop/session.h"
#include "app/desktop/visible_rows.h"

namespace vitreous {

/// The open inputs; the chosen one is what the grid shows.
class InputsPanel final : public Panel {
    Q_OBJECT

public:
    InputsPanel(Session& session, QWidget* parent);

private:
    void remove(const QModelIndex& index);
    void showCurrent();
    void tellRowsInView();
    void showMenu(QPoint place);

    Session& session_;
    VisibleRows* visible_ = nullptr;
};

} // namespace vitreous
