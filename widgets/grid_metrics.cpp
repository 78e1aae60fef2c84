#include "widgets/grid_layout.h"

#include <algorithm>
#include <cmath>

#include "widgets/text_block.h"
#include "widgets/value_text.h"

namespace vitreous {
namespace {

/// The narrowest width that holds a text on two lines.
double widthOnTwoLines(const QFont& font, const QString& text) {
    double best = textWidth(font, text);
    for (qsizetype at = text.indexOf(QLatin1Char(' ')); at >= 0;
         at = text.indexOf(QLatin1Char(' '), at + 1)) {
        const double wider =
            std::max(textWidth(font, text.left(at)), textWidth(font, text.mid(at + 1)));
        best = std::min(best, wider);
    }
    return best;
}

double rowHeadWidth(const GridScene& scene, const GridStyle& style) {
    double widest = 0.0;
    for (const GridRow& row : scene.rows) {
        widest = std::max(widest, textWidth(style.label_font, row.label));
    }
    // Chip and its distance from the label.
    const double wanted = std::ceil(widest) + 2.0 * style.step;
    const double least =
        scene.view.range == RangeMode::PerRow ? 14.0 * style.step : 6.0 * style.step;
    return std::clamp(wanted, std::min(least, style.row_head_max), style.row_head_max);
}

void measureFeet(GridMetrics& metrics, const GridScene& scene, const GridStyle& style) {
    for (const std::vector<GridCell>& row : scene.cells) {
        for (const GridCell& cell : row) {
            if (cell.present) {
                metrics.foot_width = std::max(
                    metrics.foot_width, textWidth(style.small_font, rangeText(cell.range)));
            }
        }
    }
    metrics.foot_line = lineHeight(style.small_font) + style.gap;
}

} // namespace

GridMetrics measureGrid(const GridScene& scene, const GridStyle& style) {
    GridMetrics metrics;
    metrics.step = style.step;
    metrics.gap = style.gap;
    metrics.margin = style.margin;
    metrics.row_head = rowHeadWidth(scene, style);
    metrics.bar_height = style.bar_height;
    metrics.head_line = lineHeight(style.head_font);
    const double small_line = lineHeight(style.small_font);
    metrics.message_row = std::max(6.0 * style.step, 2.0 * lineHeight(style.label_font));
    metrics.cell_min = style.cell_min;
    metrics.cell_comfortable = style.cell_comfortable;
    metrics.cell_max = style.cell_max;
    for (const GridColumn& column : scene.columns) {
        metrics.heads.push_back(
            {textWidth(style.head_font, column.label),
             widthOnTwoLines(style.head_font, column.label)});
    }
    const double first_line = std::max(style.bar_height, lineHeight(style.label_font));
    metrics.legend = scene.columns.empty() ? 0.0 : first_line + small_line + style.gap;
    metrics.bar_width = scene.view.range == RangeMode::PerRow ? 0.0 : style.bar_width;
    if (scene.view.range == RangeMode::PerMap) {
        measureFeet(metrics, scene, style);
    }
    return metrics;
}

} // namespace vitreous
