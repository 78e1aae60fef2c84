#pragma once

#include "app/desktop/panel.h"
#include "app/desktop/session.h"

namespace vitreous {

/// The open models: what each is, or why it is not; options and removal.
class ModelsPanel final : public Panel {
    Q_OBJECT

public:
    ModelsPanel(Session& session, QWidget* parent);

private:
    void remove(const QModelIndex& index);
    void editOptions(const QModelIndex& index);
    void showMenu(QPoint place);
    [[nodiscard]] const ModelItem& itemAt(const QModelIndex& index) const;

    Session& session_;
};

} // namespace vitreous
