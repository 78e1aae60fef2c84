#include "app/desktop/tap_plot.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <QVBoxLayout>
#include <qcustomplot.h>

#include "app/desktop/plot_style.h"

namespace vitreous {

bool TapSeries::isSameAs(const TapSeries& other) const {
    const auto same = [](double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); };
    return label == other.label && color == other.color &&
           std::equal(values.begin(), values.end(), other.values.begin(), other.values.end(), same);
}

TapPlot::TapPlot(QWidget* parent) : QWidget(parent), plot_(new QCustomPlot(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(plot_);
    plot_->setMinimumHeight(216);
    makeQuiet(*plot_);
    plot_->xAxis->setTickLabelRotation(-90.0);
    setAccessibleName(tr("Values along the layers"));
    updateColors();
}

void TapPlot::setSeries(
    const QStringList& taps,
    std::vector<TapSeries> series,
    const QString& quantity) {
    setAccessibleDescription(quantity);
    const bool is_same =
        taps == taps_ && std::equal(
                             series.begin(), series.end(), series_.begin(), series_.end(),
                             [](const TapSeries& a, const TapSeries& b) { return a.isSameAs(b); });
    if (is_same) {
        return;
    }
    taps_ = taps;
    series_ = std::move(series);
    draw();
}

void TapPlot::updateColors() {
    takeTheme(*plot_);
    draw();
}

void TapPlot::draw() {
    plot_->clearGraphs();
    const QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    for (qsizetype i = 0; i < taps_.size(); ++i) {
        ticker->addTick(double(i), taps_[i]);
    }
    plot_->xAxis->setTicker(ticker);
    double low = 0.0;
    double high = 0.0;
    for (const TapSeries& one : series_) {
        QCPGraph* graph = plot_->addGraph();
        graph->setName(one.label);
        graph->setPen(QPen(one.color, 2.0));
        graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, one.color, one.color, 5.0));
        for (std::size_t i = 0; i < one.values.size(); ++i) {
            // A place without a value breaks the line.
            graph->addData(double(i), one.values[i]);
            if (std::isfinite(one.values[i])) {
                low = std::min(low, one.values[i]);
                high = std::max(high, one.values[i]);
            }
        }
    }
    plot_->xAxis->setRange(-0.5, std::max(0.5, double(taps_.size()) - 0.5));
    const double margin = high > low ? (high - low) * 0.06 : 0.5;
    plot_->yAxis->setRange(low < 0.0 ? low - margin : 0.0, high + margin);
    // Not more often than the screen shows it.
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

} // namespace vitreous
