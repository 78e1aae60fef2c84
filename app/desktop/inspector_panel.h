#pragma once

#include <QDockWidget>
#include <QLabel>

#include "app/desktop/panel_title.h"
#include "app/desktop/session.h"
#include "app/desktop/tap_plot.h"

namespace vitreous {

/// What there is to know beside the maps: the pinned token's value along all taps for every model,
/// and what the models predict.
class InspectorPanel final : public QDockWidget {
    Q_OBJECT

public:
    InspectorPanel(Session& session, QWidget* parent);

    /// The scene that the grid shows now.
    void setScene(const GridScene& scene);
    /// Icons and plot in the current theme's colours.
    void updateIcons();
    [[nodiscard]] const TapPlot& plot() const { return *plot_; }

private:
    void showPredictions();

    Session& session_;
    PanelTitle* title_;
    QLabel* place_;
    TapPlot* plot_;
    QLabel* values_;
    QLabel* predictions_;
};

} // namespace vitreous
