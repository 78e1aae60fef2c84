#include "widgets/grid_painting.h"

#include <algorithm>
#include <array>
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

/// What the numbers below a colour bar need, the middle one left out.
double ticksWidth(const std::array<QString, 3>& ticks, const GridStyle& style) {
    return std::ceil(
        textWidth(style.small_font, ticks.front()) + textWidth(style.small_font, ticks.back()) +
        style.step);
}

/// A head whose lines are given, or that may be broken at a space.
HeadWidths headWidths(const GridColumn& column, const GridStyle& style) {
    const double chip = column.chip.isValid() ? 1.5 * style.step : 0.0;
    const QStringList lines = column.label.split(QLatin1Char('\n'));
    if (lines.size() == 1) {
        return {
            textWidth(style.head_font, column.label),
            widthOnTwoLines(style.head_font, column.label)};
    }
    const double widest =
        std::max(textWidth(style.head_font, lines[0]) + chip, textWidth(style.head_font, lines[1]));
    return {widest, widest, true};
}

double rowHeadWidth(const GridScene& scene, const GridStyle& style) {
    const bool has_heads =
        std::any_of(scene.rows.begin(), scene.rows.end(), [](const GridRow& row) {
            return !row.label.isEmpty();
        });
    if (!has_heads && scene.range != RangeMode::PerRow) {
        return 0.0;
    }
    double widest = 0.0;
    double least = 6.0 * style.step;
    for (std::size_t row = 0; row < scene.rows.size(); ++row) {
        widest = std::max(widest, textWidth(style.label_font, scene.rows[row].label));
        if (scene.range == RangeMode::PerRow) {
            const auto ticks = tickTexts(rangeOfRow(scene, row).value_or(ValueRange{}));
            least = std::max({least, 14.0 * style.step, ticksWidth(ticks, style)});
        }
    }
    // Chip and its distance from the label.
    const double wanted = std::ceil(widest) + 2.0 * style.step;
    return std::clamp(wanted, std::min(least, style.row_head_max), style.row_head_max);
}

double stackedWidth(const ValueRange& range, const GridStyle& style) {
    double widest = 0.0;
    for (const QString& line : rangeLines(range)) {
        widest = std::max(widest, textWidth(style.small_font, line));
    }
    return style.stacks_numbers ? std::ceil(widest) : 0.0;
}

void measureFeet(GridMetrics& metrics, const GridScene& scene, const GridStyle& style) {
    for (const std::vector<GridCell>& row : scene.cells) {
        for (const GridCell& cell : row) {
            if (hasMap(cell)) {
                metrics.foot_width = std::max(
                    metrics.foot_width, textWidth(style.small_font, rangeText(cell.range)));
                metrics.foot_stacked =
                    std::max(metrics.foot_stacked, stackedWidth(cell.range, style));
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
    // One map a model takes what room there is.
    metrics.cell_max = scene.view.kind == GridKind::Scrub ? style.scrub_max : style.cell_max;
    if (hasClouds(scene)) {
        // A shape is looked at more closely than a grid of tokens.
        metrics.cell_max = std::max(metrics.cell_max, style.cloud_max);
    }
    for (const GridColumn& column : scene.columns) {
        metrics.heads.push_back(headWidths(column, style));
    }
    const double first_line = std::max(style.bar_height, lineHeight(style.label_font));
    metrics.legend = scene.columns.empty() ? 0.0 : first_line + small_line + style.gap;
    metrics.legend_text = std::ceil(std::max(
        textWidth(style.label_font, scene.quantity),
        textWidth(style.small_font, rangeRule(scene))));
    metrics.legend_bar = style.bar_height + 1.5 * style.gap + small_line;
    metrics.bar_top = (first_line - style.bar_height) / 2.0;
    if (scene.range == RangeMode::PerRow) {
        metrics.bar_width = 0.0;
    } else {
        // Two pairs of numbers are told apart by the space between them.
        const double ticks = ticksWidth(legendTicks(scene, std::nullopt), style);
        metrics.bar_width = std::max(style.bar_width, ticks + 2.0 * style.step);
    }
    if (isRangePerCell(scene.range)) {
        measureFeet(metrics, scene, style);
    }
    return metrics;
}

} // namespace vitreous
