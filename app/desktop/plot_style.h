#pragma once

class QCustomPlot;

namespace vitreous {

/// A plot without frames of its own and without interaction: its values stand beside it as text.
void makeQuiet(QCustomPlot& plot);

/// Ground, axes and texts in the current theme's colours.
void takeTheme(QCustomPlot& plot);

} // namespace vitreous
