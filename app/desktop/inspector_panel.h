#pragma once

#include <QComboBox>
#include <QDockWidget>
#include <QLabel>

#include "app/desktop/actions.h"
#include "app/desktop/histogram_plot.h"
#include "app/desktop/mask_section.h"
#include "app/desktop/outlier_section.h"
#include "app/desktop/panel_title.h"
#include "app/desktop/session.h"
#include "app/desktop/tap_plot.h"
#include "app/desktop/trace_section.h"
#include "app/desktop/traces.h"

namespace vitreous {

/// What there is to know beside the maps: the value of the pinned token or the region along all
/// layers for every model; at one layer the histograms, tokens that stand out and mask scores; what
/// the models predict.
class InspectorPanel final : public QDockWidget {
    Q_OBJECT

public:
    InspectorPanel(Session& session, const Actions& actions, QWidget* parent);

    /// The scene that the grid shows now.
    void setScene(const GridScene& scene);
    /// The group of a cloud under the pointer, which is looked at where nothing is picked out.
    void setHovered(const std::optional<TokenPlace>& place);
    /// The value at what is picked out, at the shown layer, over a video's frames, for every model;
    /// none: no video, or nothing picked out. now_secs: when the current frame begins.
    void setTraces(std::vector<Trace> traces, double now_secs, const QString& quantity);
    /// Icons and plots in the current theme's colours.
    void updateIcons();
    [[nodiscard]] const TapPlot& plot() const { return *plot_; }
    [[nodiscard]] const HistogramPlot& histogram() const { return *histogram_; }
    [[nodiscard]] const TraceSection& traces() const { return *traces_; }

private:
    void buildLayers();
    /// Brings all but the plots' colours up to date.
    void showScene();
    void showPlace();
    void showTraces();
    void showLayers();
    void showHistogram();
    void showMasks();
    void showPredictions();

    Session& session_;
    std::optional<TokenPlace> hovered_;
    GridScene scene_;        ///< of the layers, whatever the grid shows
    std::size_t column_ = 0; ///< of the scene: the layer that is looked at
    PanelTitle* title_;
    QLabel* place_;
    TapPlot* plot_;
    QLabel* values_;
    QWidget* layer_;
    QComboBox* layers_;
    TraceSection* traces_;
    TraceReader trace_reader_;
    HistogramPlot* histogram_;
    QLabel* histogram_text_;
    OutlierSection* outliers_;
    MaskSection* masks_;
    QLabel* predictions_;
};

} // namespace vitreous
