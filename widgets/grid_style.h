#pragma once

#include <QColor>
#include <QFont>
#include <QPalette>

namespace vitreous {

/// What a token without a finite value is painted with.
inline constexpr QColor neutral_color{128, 128, 128};

/// How the grid looks: colours, fonts and spacing, in the unit of the surface (logical pixels on
/// screen, device units on paper).
struct GridStyle {
    QColor ground;
    QColor ink;
    QColor quiet; ///< secondary text
    QColor faint; ///< dashes, hairlines

    QFont label_font; ///< model names, the quantity
    QFont head_font;  ///< column heads
    QFont small_font; ///< numbers, the range rule, the caption

    double step = 8.0; ///< the rhythm that spacing follows
    double gap = 2.0;  ///< between cells
    double margin = 16.0;
    double hairline = 1.0;
    double bar_width = 224.0; ///< of a colour bar
    double bar_height = 8.0;
    double row_head_max = 168.0;
    bool stacks_numbers = false; ///< those below a cell on two lines rather than none
    double cell_min = 48.0;
    double cell_comfortable = 112.0; ///< aimed at where the grid scrolls
    double cell_max = 256.0;
    double cloud_max = 480.0;  ///< of point clouds
    double scrub_max = 4096.0; ///< of the large maps of GridKind::Scrub
};

/// The style of a widget: its palette and font.
GridStyle screenStyle(const QPalette& palette, const QFont& font);

/// The style of a printed figure: black on white, 7.5 pt labels, 7 pt heads, 6.5 pt numbers.
GridStyle figureStyle(double units_per_point);

} // namespace vitreous
