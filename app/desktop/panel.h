#pragma once

#include <QDockWidget>
#include <QLabel>
#include <QListView>
#include <QStackedLayout>

#include "app/desktop/panel_title.h"
#include "app/desktop/row_delegate.h"

namespace vitreous {

/// A dock with a quiet title, a list of rows and, where the list is empty, a hint.
class Panel : public QDockWidget {
    Q_OBJECT

public:
    Panel(const QString& title, const QString& name, const QString& hint, QWidget* parent);

    [[nodiscard]] QListView* list() const { return list_; }
    /// Icons in the current theme's colours.
    void updateIcons();

protected:
    /// Takes the rows; both belong to this.
    void setRows(QAbstractItemModel* rows, RowDelegate* delegate);

private:
    void updateHint();

    QListView* list_;
    QLabel* hint_;
    PanelTitle* title_;
    QStackedLayout* stack_;
};

} // namespace vitreous
