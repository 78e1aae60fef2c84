#include "app/desktop/trace_plot.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <QMouseEvent>
#include <QVBoxLayout>
#include <qcustomplot.h>

#include "app/desktop/plot_style.h"
#include "app/desktop/theme.h"
#include "widgets/playback.h"

namespace vitreous {
namespace {

constexpr int least_height = 152;

/// From the first frame of all traces to the end of the last one.
std::pair<double, double> spanOf(const std::vector<Trace>& traces) {
    double first = std::numeric_limits<double>::infinity();
    double last = -std::numeric_limits<double>::infinity();
    for (const Trace& trace : traces) {
        if (!trace.times_secs.empty()) {
            first = std::min(first, trace.times_secs.front());
            last = std::max(last, trace.times_secs.back());
        }
    }
    return first <= last ? std::pair(first, last) : std::pair(0.0, 0.0);
}

} // namespace

bool Trace::isSameAs(const Trace& other) const {
    const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
    return label == other.label && chip == other.chip && times_secs == other.times_secs &&
           std::equal(values.begin(), values.end(), other.values.begin(), other.values.end(), same);
}

double Trace::at(double time_secs) const {
    const std::size_t position = positionAt(times_secs, time_secs);
    return position < values.size() ? values[position] : std::numeric_limits<double>::quiet_NaN();
}

TracePlot::TracePlot(QWidget* parent) : QWidget(parent), plot_(new QCustomPlot(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(plot_);
    plot_->setMinimumHeight(least_height);
    makeQuiet(*plot_);
    plot_->xAxis->ticker()->setTickCount(4);
    plot_->yAxis->ticker()->setTickCount(4);
    plot_->setNoAntialiasingOnDrag(true);
    setCursor(Qt::PointingHandCursor);
    setAccessibleName(tr("Values over time"));
    updateColors();
}

void TracePlot::setTraces(std::vector<Trace> traces, double now_secs) {
    const bool is_same = std::equal(
        traces.begin(), traces.end(), traces_.begin(), traces_.end(),
        [](const Trace& a, const Trace& b) { return a.isSameAs(b); });
    if (is_same && now_secs == now_secs_) {
        return;
    }
    now_secs_ = now_secs;
    if (is_same) {
        placeCursor();
        plot_->replot(QCustomPlot::rpQueuedReplot);
        return;
    }
    traces_ = std::move(traces);
    draw();
}

void TracePlot::updateColors() {
    takeTheme(*plot_);
    draw();
}

void TracePlot::addTrace(const Trace& trace) {
    QVector<double> times;
    QVector<double> values;
    QVector<double> alone_times;
    QVector<double> alone_values;
    const std::size_t count = std::min(trace.times_secs.size(), trace.values.size());
    const auto has = [&](std::size_t i) { return i < count && std::isfinite(trace.values[i]); };
    for (std::size_t i = 0; i < count; ++i) {
        times << trace.times_secs[i];
        // What is no number breaks the line.
        values << (has(i) ? trace.values[i] : std::numeric_limits<double>::quiet_NaN());
        if (has(i) && !has(i + 1) && (i == 0 || !has(i - 1))) {
            // No line goes through a frame without neighbours.
            alone_times << trace.times_secs[i];
            alone_values << trace.values[i];
        }
    }
    QCPGraph* graph = plot_->addGraph();
    graph->setName(trace.label);
    graph->setPen(QPen(trace.chip, 2.0));
    graph->setData(times, values, true);
    if (!alone_times.isEmpty()) {
        QCPGraph* dots = plot_->addGraph();
        dots->setLineStyle(QCPGraph::lsNone);
        dots->setScatterStyle(
            QCPScatterStyle(QCPScatterStyle::ssDisc, trace.chip, trace.chip, 5.0));
        dots->setData(alone_times, alone_values, true);
    }
}

void TracePlot::setRanges() {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    for (const Trace& trace : traces_) {
        for (const double value : trace.values) {
            if (std::isfinite(value)) {
                low = std::min(low, value);
                high = std::max(high, value);
            }
        }
    }
    if (low > high) {
        low = 0.0;
        high = 1.0;
    }
    const double margin = high > low ? (high - low) * 0.08 : std::max(0.5, std::abs(low) * 0.1);
    plot_->yAxis->setRange(low - margin, high + margin);
    const auto [first, last] = spanOf(traces_);
    const double side = last > first ? (last - first) * 0.01 : 0.5;
    plot_->xAxis->setRange(first - side, last + side);
}

void TracePlot::draw() {
    plot_->clearGraphs();
    plot_->clearItems();
    for (const Trace& trace : traces_) {
        addTrace(trace);
    }
    setRanges();
    cursor_ = new QCPItemStraightLine(plot_);
    cursor_->setPen(QPen(currentTheme().ink, 1.0));
    placeCursor();
    // Not more often than the screen shows it.
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void TracePlot::placeCursor() {
    cursor_->point1->setCoords(now_secs_, 0.0);
    cursor_->point2->setCoords(now_secs_, 1.0);
}

double TracePlot::xOf(double time_secs) const {
    return plot_->x() + plot_->xAxis->coordToPixel(time_secs);
}

void TracePlot::requestAt(double x) {
    const auto [first, last] = spanOf(traces_);
    if (!traces_.empty()) {
        Q_EMIT timeRequested(std::clamp(plot_->xAxis->pixelToCoord(x - plot_->x()), first, last));
    }
}

void TracePlot::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) {
        requestAt(event->position().x());
    }
}

void TracePlot::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons().testFlag(Qt::LeftButton)) {
        requestAt(event->position().x());
    }
}

} // namespace vitreous
