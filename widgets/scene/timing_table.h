#pragma once

#include <optional>
#include <vector>

#include <QColor>
#include <QString>

namespace vitreous {

/// A stage between the file and the screen and how long it took.
struct TimingLine {
    QString stage;
    /// Milliseconds: one for all models, or one a model; nothing where it was not measured.
    std::vector<std::optional<double>> times_ms;
};

/// A model that has times of its own.
struct TimedModel {
    QString label;
    QColor chip;
};

/// What the timing display shows.
struct TimingTable {
    std::vector<TimedModel> models;
    std::vector<TimingLine> lines;
};

/// "12.30": two decimals, so that numbers below each other align; empty without a time.
inline QString timeText(std::optional<double> time_ms) {
    return time_ms ? QString::number(*time_ms, 'f', 2) : QString();
}

} // namespace vitreous
