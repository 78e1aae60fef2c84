#pragma once

#include <vector>

#include <QColor>
#include <QString>
#include <QWidget>

class QCPItemStraightLine;
class QCustomPlot;

namespace vitreous {

/// What one model says of one place over a video's frames.
struct Trace {
    QString label;
    QColor chip;
    std::vector<double> times_secs; ///< of the frames, ascending
    std::vector<double> values;     ///< one a frame, raw; NaN: not computed

    [[nodiscard]] bool isSameAs(const Trace& other) const;
    /// Of the frame that is on at a time; NaN where it is not computed.
    [[nodiscard]] double at(double time_secs) const;
};

/// Values over time, a line a model, in the models' colours, broken where frames are not computed;
/// a cursor at the current frame.
class TracePlot final : public QWidget {
    Q_OBJECT

public:
    explicit TracePlot(QWidget* parent = nullptr);

    void setTraces(std::vector<Trace> traces, double now_secs);
    [[nodiscard]] const std::vector<Trace>& traces() const { return traces_; }
    [[nodiscard]] double now() const { return now_secs_; }
    /// Takes the current theme's colours.
    void updateColors();
    /// Where a time is in the plot, from its left edge.
    [[nodiscard]] double xOf(double time_secs) const;

Q_SIGNALS:
    /// Clicked or dragged to: within the times that are shown.
    void timeRequested(double secs);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;

private:
    void draw();
    void addTrace(const Trace& trace);
    void setRanges();
    void placeCursor();
    void requestAt(double x);

    QCustomPlot* plot_;
    QCPItemStraightLine* cursor_ = nullptr;
    std::vector<Trace> traces_;
    double now_secs_ = 0.0;
};

} // namespace vitreous
