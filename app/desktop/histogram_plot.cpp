#include "app/desktop/histogram_plot.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <QVBoxLayout>
#include <qcustomplot.h>

#include "app/desktop/plot_style.h"
#include "widgets/histogram.h"

namespace vitreous {
namespace {

constexpr int least_height = 144;

/// From the least to the largest finite value.
ValueRange rangeOf(const std::vector<HistogramSeries>& series) {
    ValueRange range{
        std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    for (const HistogramSeries& one : series) {
        for (const float value : one.values) {
            if (std::isfinite(value)) {
                range.low = std::min(range.low, double(value));
                range.high = std::max(range.high, double(value));
            }
        }
    }
    return range.low <= range.high ? range : ValueRange{};
}

} // namespace

HistogramPlot::HistogramPlot(QWidget* parent) : QWidget(parent), plot_(new QCustomPlot(this)) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(plot_);
    plot_->setMinimumHeight(least_height);
    makeQuiet(*plot_);
    plot_->xAxis->ticker()->setTickCount(3);
    plot_->yAxis->ticker()->setTickCount(3);
    setAccessibleName(tr("Histogram"));
    updateColors();
}

void HistogramPlot::setSeries(std::vector<HistogramSeries> series, const QString& description) {
    setAccessibleDescription(description);
    series_ = std::move(series);
    range_ = rangeOf(series_);
    std::size_t most = 0;
    for (const HistogramSeries& one : series_) {
        most = std::max(most, one.values.size());
    }
    counts_.clear();
    for (const HistogramSeries& one : series_) {
        counts_.push_back(histogramOf(one.values, range_, binCount(most)));
    }
    draw();
}

void HistogramPlot::updateColors() {
    takeTheme(*plot_);
    draw();
}

void HistogramPlot::draw() {
    plot_->clearPlottables();
    plot_->clearItems();
    std::size_t most = 1;
    const double span = range_.high > range_.low ? range_.high - range_.low : 1.0;
    const double low = range_.high > range_.low ? range_.low : range_.low - 0.5;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
        const double width = span / double(counts_[i].size());
        auto* bars = new QCPBars(plot_->xAxis, plot_->yAxis);
        bars->setWidth(width);
        QColor fill = series_[i].color;
        fill.setAlphaF(0.45F);
        bars->setBrush(fill);
        bars->setPen(QPen(series_[i].color, 1.0));
        for (std::size_t bin = 0; bin < counts_[i].size(); ++bin) {
            if (counts_[i][bin] > 0) {
                bars->addData(low + (double(bin) + 0.5) * width, double(counts_[i][bin]));
                most = std::max(most, counts_[i][bin]);
            }
        }
    }
    plot_->xAxis->setRange(low - span * 0.02, low + span * 1.02);
    plot_->yAxis->setRange(0.0, double(most) * 1.05);
    drawMarks();
    // Not more often than the screen shows it.
    plot_->replot(QCustomPlot::rpQueuedReplot);
}

void HistogramPlot::drawMarks() {
    for (const HistogramSeries& one : series_) {
        if (one.mark && std::isfinite(*one.mark)) {
            auto* line = new QCPItemStraightLine(plot_);
            line->setPen(QPen(one.color, 2.0));
            line->point1->setCoords(*one.mark, 0.0);
            line->point2->setCoords(*one.mark, 1.0);
        }
    }
}

} // namespace vitreous
