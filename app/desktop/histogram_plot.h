#pragma once

#include <optional>
#include <vector>

#include <QColor>
#include <QWidget>

#include "widgets/view_state.h"

class QCustomPlot;

namespace vitreous {

/// One model's map as a histogram.
struct HistogramSeries {
    QString label;
    QColor color;
    std::vector<float> values;  ///< raw, one a token
    std::optional<double> mark; ///< a value with a line to itself
};

/// How many tokens have which value, in bars of the models' colours over each other.
class HistogramPlot final : public QWidget {
    Q_OBJECT

public:
    explicit HistogramPlot(QWidget* parent = nullptr);

    /// description: what the values are, for screen readers.
    void setSeries(std::vector<HistogramSeries> series, const QString& description);
    [[nodiscard]] const std::vector<HistogramSeries>& series() const { return series_; }
    /// Of all bars; 0..1 without a finite value.
    [[nodiscard]] const ValueRange& range() const { return range_; }
    /// Tokens a bar, a list a model.
    [[nodiscard]] const std::vector<std::vector<std::size_t>>& counts() const { return counts_; }
    /// Takes the current theme's colours.
    void updateColors();

private:
    void draw();
    void drawMarks();

    QCustomPlot* plot_;
    std::vector<HistogramSeries> series_;
    ValueRange range_;
    std::vector<std::vector<std::size_t>> counts_;
};

} // namespace vitreous
