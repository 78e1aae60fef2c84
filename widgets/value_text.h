#pragma once

#include <QString>
#include <QStringList>

#include "widgets/grid_scene.h"

namespace vitreous {

/// A number on a scale from range.low to range.high, with as many decimals as tell its ticks apart
/// (three digits of the span), in scientific notation where that would be long. The minus sign is
/// U+2212.
QString tickText(double value, const ValueRange& range);

/// "0.12–3.45": a range on one line; "±0.45" about 0.
QString rangeText(const ValueRange& range);
/// The same on two lines: "0.12–" and "3.45"; on one where both are the same number.
QStringList rangeLines(const ValueRange& range);

/// A raw value on its own, five significant digits; "NaN" and "∞" spelt so.
QString rawText(double value);

/// "row 3, column 5": where a token is in a grid of so many columns, counted from 1.
QString spotText(TokenIndex token, int columns);
/// The same of a token of that cell; "group 17" of a point cloud.
QString spotText(const GridCell& cell, TokenIndex token);
/// The same of a place.
QString spotText(const TokenPlace& place);

} // namespace vitreous
