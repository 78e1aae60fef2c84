#pragma once

#include <QImage>

#include "widgets/grid_layout.h"

namespace vitreous::samples {

/// How far a shot of a grid may be from the expected one. Text is measured against its ink, the
/// mean contrast with the ground of the expected part: what is missing differs by all of it.
struct Tolerance {
    double map = 0.2;        ///< mean difference of a map's channels, of 255
    double text = 0.5;       ///< mean difference of a text, as a share of its ink
    double ink = 0.25;       ///< difference of the amounts of ink, as a share of it
    double elsewhere = 0.02; ///< mean difference of all the rest, of 255
};

/// Compares two shots part by part: legend, heads, messages, maps, numbers, and what is between.
/// Returns what differs first; empty: nothing. scroll: how far the body is moved up.
QString firstDifference(
    const GridLayout& layout,
    const QImage& shot,
    const QImage& expected,
    const Tolerance& tolerance,
    double scroll = 0.0);

} // namespace vitreous::samples
