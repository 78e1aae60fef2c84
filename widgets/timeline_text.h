#pragma once

#include <QFont>
#include <QString>

namespace vitreous {

/// "0.48 s".
QString secondsText(double secs);
/// A label of a scale with such a step: "0.5 s", "12 s", or where it goes beyond a
/// minute "3:05", "1:02:30".
QString clockText(double secs, double step_secs, double longest_secs);
/// The font for small numbers beside one for texts; digits of equal width where the font has them.
QFont smallFont(QFont font);

} // namespace vitreous
