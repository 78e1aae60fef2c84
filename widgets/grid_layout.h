#pragma once

#include <optional>
#include <vector>

#include <QRectF>
#include <QSizeF>

#include "widgets/grid_hit.h"
#include "widgets/grid_scene.h"
#include "widgets/grid_style.h"

namespace vitreous {

/// How wide a column head is.
struct HeadWidths {
    double on_one_line = 0.0;
    double on_two_lines = 0.0;
    bool has_two_lines = false; ///< whatever there is room for
};

/// Lengths that the layout needs from fonts, all in the surface's unit. Measured by measureGrid.
struct GridMetrics {
    double step = 8.0;
    double gap = 2.0;
    double margin = 16.0;
    double row_head = 96.0;   ///< width of the row heads
    double legend = 32.0;     ///< height of the legend's text; 0: no legend
    double legend_text = 0.0; ///< width of the legend's text
    double legend_bar = 24.0; ///< height of its colour bar with the numbers
    double bar_top = 4.0;     ///< of the bar beside the text
    double bar_width = 224.0; ///< of the legend's colour bar; 0: the bars are in the row heads
    double bar_height = 8.0;
    double head_line = 16.0;       ///< height of one line of a column head
    std::vector<HeadWidths> heads; ///< one a column; none: they always fit
    double foot_line = 0.0;        ///< height of the numbers below a cell; 0: none wanted
    double foot_width = 0.0;       ///< widest numbers below a cell
    double foot_stacked = 0.0;     ///< the same on two lines; 0: rather none
    double message_row = 48.0;     ///< height of a row that has a message instead of maps
    double cell_min = 48.0;
    double cell_comfortable = 112.0;
    double cell_max = 256.0;
};

struct ColumnHead {
    std::size_t column = 0;
    QRectF rect;
    int lines = 1; ///< that there is room for
};
struct RowHead {
    std::size_t row = 0;
    QRectF rect;
};
struct RowMessage {
    std::size_t row = 0;
    QRectF rect;
};
struct CellPlace {
    std::size_t row = 0;
    std::size_t column = 0;
    QRectF box;     ///< the cell
    QRectF map;     ///< what is seen of the map, with the grid's own aspect; empty where absent
    QRectF whole;   ///< all of the map: larger than what is seen where the view is zoomed
    QRectF picture; ///< the same part of the picture beside it; empty: there is none
    QRectF foot;    ///< below the box; empty where there is no room for numbers
};

/// Where everything of a grid is. Columns that do not fit side by side continue in further bands
/// below: each with its column heads and all rows that have maps.
struct GridLayout {
    QSizeF size; ///< of everything, margins included
    QRectF legend;
    QRectF legend_text;
    QRectF bar; ///< the colour bar, beside the text or below it; empty: each row has its own
    double body_top = 0.0; ///< below it everything may scroll
    double side = 0.0;     ///< width of a cell
    int foot_lines = 0;    ///< of the numbers below each cell
    std::size_t bands = 0;
    std::size_t columns_per_band = 0;
    std::vector<ColumnHead> column_heads;
    std::vector<RowHead> row_heads; ///< one a row and band
    std::vector<RowMessage> messages;
    std::vector<CellPlace> cells;
};

/// A cell's width over its height: of a picture its tokens', of a point cloud 1.
double aspectOf(const GridCell& cell);

GridMetrics measureGrid(const GridScene& scene, const GridStyle& style);

/// Places a grid in the given width so that cells become as large as possible. With a height,
/// everything fits into it unless cells would fall under cell_min; then cells take a comfortable
/// size and the layout is taller. Without one, as few bands as leave cells of cell_comfortable.
GridLayout layoutGrid(
    const GridScene& scene,
    const GridMetrics& metrics,
    double width,
    std::optional<double> height);

/// Where a token is inside its map (CellPlace::whole).
QRectF tokenRect(const QRectF& map, int rows, int columns, TokenIndex token);

/// The token at a point of the layout, on its map or the picture beside it, if there is one.
std::optional<GridHit> hitTest(const GridScene& scene, const GridLayout& layout, QPointF point);
/// The token of a cell that is nearest to a point of the layout: at it or towards it.
TokenIndex nearestToken(const GridCell& cell, const CellPlace& place, QPointF point);

} // namespace vitreous
