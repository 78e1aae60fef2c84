#pragma once

#include <vector>

#include <QColor>
#include <QStringList>
#include <QWidget>

class QCustomPlot;

namespace vitreous {

/// One model's values along the taps.
struct TapSeries {
    QString label;
    QColor color;
    std::vector<double> values; ///< one a tap, raw; NaN where the model has no such tap

    [[nodiscard]] bool isSameAs(const TapSeries& other) const;
};

/// Values along the taps, a line a model, in the models' colours.
class TapPlot final : public QWidget {
    Q_OBJECT

public:
    explicit TapPlot(QWidget* parent = nullptr);

    /// taps: short names, in forward order.
    void setSeries(const QStringList& taps, std::vector<TapSeries> series, const QString& quantity);
    [[nodiscard]] const std::vector<TapSeries>& series() const { return series_; }
    /// Takes the current theme's colours.
    void updateColors();

private:
    void draw();

    QCustomPlot* plot_;
    QStringList taps_;
    std::vector<TapSeries> series_;
};

} // namespace vitreous
