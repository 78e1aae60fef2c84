#pragma once

#include <QActionGroup>
#include <QMenu>
#include <QSettings>

#include "app/desktop/session.h"

namespace vitreous {

/// How much memory results may take, to choose from; remembered.
class CacheMenu final : public QMenu {
    Q_OBJECT

public:
    /// Gives the session the bound that settings (may be null) remember.
    CacheMenu(Session& session, QSettings* settings, QWidget* parent);

private:
    void addChoice(int mb);
    void showLimit();

    Session& session_;
    QSettings* settings_;
    QActionGroup* choices_;
};

} // namespace vitreous
