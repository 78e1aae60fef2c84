#pragma once

#include <vector>

#include <QWidget>

class QAction;

namespace vitreous {

/// A row of buttons of which one is chosen, each standing for an action.
class Segments final : public QWidget {
    Q_OBJECT

public:
    Segments(const QString& name, const std::vector<QAction*>& actions, bool icons_only);
};

} // namespace vitreous
