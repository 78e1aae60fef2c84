#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <QColor>
#include <QImage>
#include <QString>

#include "core/analysis/result.h"
#include "widgets/view_state.h"

namespace vitreous {

/// One model's row of the grid: its result for the current input, or why there is none.
struct GridRow {
    QString label;
    QColor chip;                                  ///< the model's colour in all plots
    std::shared_ptr<const AnalysisResult> result; ///< null while there is none
    QString message;                              ///< shown in the row's place where result is null
};

/// One map over its picture.
struct GridCell {
    bool present = false;      ///< false: this model has no such tap
    std::vector<float> values; ///< raw, rows * columns, row-major
    int rows = 0;
    int columns = 0;
    ValueRange range;

    friend bool operator==(const GridCell&, const GridCell&) = default;
};

/// A column of the grid: one tap.
struct GridColumn {
    QString label; ///< short
    QString name;  ///< full tap name, for tooltips
};

/// What the grid shows, without places or sizes: the canvas, the painter and the figure all draw
/// it.
struct GridScene {
    std::vector<GridRow> rows;
    std::vector<GridColumn> columns;          ///< union over the models, in forward order
    std::vector<std::vector<GridCell>> cells; ///< [row][column]
    std::vector<QImage> pictures;             ///< one a row: the picture under the maps
    ViewState view;
    QString
        quantity; ///< with unit, for the colour bar: "Magnitude (L2 distance from the mean token)"
};

/// Gathers what the grid shows from the results and the view. Rows without a result keep their
/// message. Per-map ranges are min..max of the map (the paper's rule), others over the row or the
/// whole view. Non-finite values do not count for a range; without any finite value it is 0..1. A
/// constant map has low == high.
GridScene buildGridScene(std::vector<GridRow> rows, const ViewState& view);

/// The range that a row's maps share under RangeMode::PerRow or PerView; nothing where it has none.
std::optional<ValueRange> rangeOfRow(const GridScene& scene, std::size_t row);
/// The range that all maps share under RangeMode::PerView; nothing where there is no map.
std::optional<ValueRange> rangeOfView(const GridScene& scene);

/// "each map on its own range", ...: the rule behind the ranges, for people.
QString rangeRule(RangeMode mode);

/// The token's place among the map's values, 1 for the largest; nothing where it has no finite
/// value.
std::optional<std::size_t> rankOf(const GridCell& cell, TokenIndex token);

/// True where one map fits another's token grid, so that a token means the same place in both.
bool haveSameGrid(const GridCell& a, const GridCell& b);

} // namespace vitreous
