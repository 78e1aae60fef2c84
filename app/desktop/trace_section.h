#pragma once

#include <vector>

#include <QLabel>
#include <QWidget>

#include "app/desktop/trace_plot.h"

namespace vitreous {

/// "Over time": the value at one place of the shown layer over a video's frames, for every model.
/// Takes no room without traces.
class TraceSection final : public QWidget {
    Q_OBJECT

public:
    explicit TraceSection(QWidget* parent = nullptr);

    /// now_secs: when the current frame begins. quantity: what the values are: "Magnitude, L2
    /// distance from the mean token, at blocks.11".
    void setTraces(std::vector<Trace> traces, double now_secs, const QString& quantity);
    /// Takes the current theme's colours.
    void updateColors();
    [[nodiscard]] const TracePlot& plot() const { return *plot_; }
    [[nodiscard]] const QLabel& text() const { return *text_; }

Q_SIGNALS:
    void timeRequested(double secs);

private:
    void showText();

    QLabel* text_;
    TracePlot* plot_;
    QLabel* values_;
    QString quantity_;
};

} // namespace vitreous
