#include "app/desktop/inspected_values.h"

#include <algorithm>
#include <limits>

#include <QCoreApplication>

#include "app/desktop/inspector_text.h"
#include "widgets/region_values.h"
#include "widgets/value_text.h"

namespace vitreous {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(InspectorPanel)
};

/// "3", or "3–5" for several.
QString spanText(int first, int last) {
    return first == last ? QString::number(first + 1)
                         : QStringLiteral("%1–%2").arg(first + 1).arg(last + 1);
}

QString regionText(const GridCell& cell, const TokenRegion& region) {
    const std::optional<RegionMean> mean = meanOf(cell, region);
    if (!mean) {
        return {};
    }
    const std::size_t all = tokensOf(region).size();
    const QString value = rawText(mean->value);
    return mean->tokens == all ? Text::tr("%1, mean of %2 tokens").arg(value).arg(all)
                               : Text::tr("%1, mean of the %2 finite values of %3 tokens")
                                     .arg(value)
                                     .arg(mean->tokens)
                                     .arg(all);
}

QString tokenText(const GridCell& cell, const TokenPlace& place) {
    const std::optional<double> value = valueOf(cell, place);
    if (!value) {
        return {};
    }
    const std::optional<std::size_t> rank = rankOf(cell, place.token);
    return Text::tr("%1, rank %2 of %3")
        .arg(
            rawText(*value), rank ? QString::number(*rank) : QStringLiteral("–"),
            QString::number(cell.values.size()));
}

} // namespace

std::size_t columnOf(const GridScene& scene) {
    const auto found = std::find_if(
        scene.columns.begin(), scene.columns.end(),
        [&scene](const GridColumn& column) { return column.name.toStdString() == scene.view.tap; });
    const bool is_there = found != scene.columns.end();
    return is_there ? std::size_t(found - scene.columns.begin())
                    : std::max(std::size_t{1}, scene.columns.size()) - 1;
}

QString placeText(const Selection& selection) {
    if (selection.region) {
        const TokenRegion& region = *selection.region;
        return Text::tr("Rows %1, columns %2")
            .arg(
                spanText(region.first_row, region.last_row),
                spanText(region.first_column, region.last_column));
    }
    if (selection.pinned) {
        const QString spot = spotText(*selection.pinned);
        return selection.pinned->is_group ? spot.left(1).toUpper() + spot.mid(1)
                                          : Text::tr("Token at %1").arg(spot);
    }
    return {};
}

std::optional<double> selectedValue(const GridCell& cell, const Selection& selection) {
    if (selection.region) {
        const std::optional<RegionMean> mean = meanOf(cell, *selection.region);
        return mean ? std::optional(mean->value) : std::nullopt;
    }
    return selection.pinned ? valueOf(cell, *selection.pinned) : std::nullopt;
}

std::vector<TapSeries> seriesOf(const GridScene& scene) {
    std::vector<TapSeries> all;
    for (std::size_t row = 0; row < scene.cells.size(); ++row) {
        TapSeries series{scene.rows[row].label, scene.rows[row].chip, {}};
        for (const GridCell& cell : scene.cells[row]) {
            series.values.push_back(selectedValue(cell, scene.view.selection)
                                        .value_or(std::numeric_limits<double>::quiet_NaN()));
        }
        all.push_back(std::move(series));
    }
    return all;
}

std::vector<HistogramSeries> histogramsOf(const GridScene& scene, std::size_t column) {
    std::vector<HistogramSeries> all;
    for (std::size_t row = 0; row < scene.cells.size(); ++row) {
        const GridCell& cell = scene.cells[row][column];
        if (cell.present) {
            all.push_back(
                {scene.rows[row].label, scene.rows[row].chip, cell.values,
                 selectedValue(cell, scene.view.selection)});
        }
    }
    return all;
}

namespace {

/// The attention of the pinned token is shown, which is outside of the model's token grid.
bool isOutsideItsGrid(const GridScene& scene, std::size_t row) {
    const auto& result = scene.rows[row].result;
    const auto& pinned = scene.view.selection.pinned;
    return result && pinned && scene.view.query == AttentionQuery::PinnedToken &&
           scene.view.map == MapKind::ClsAttention &&
           (result->rows != pinned->rows || result->columns != pinned->columns);
}

} // namespace

QString selectedText(const GridScene& scene, std::size_t row, std::size_t column) {
    const GridCell& cell = scene.cells[row][column];
    const Selection& selection = scene.view.selection;
    QString text;
    if (!cell.present) {
        text = quietly(
            isOutsideItsGrid(scene, row)
                ? Text::tr("has no such token")
                : Text::tr("has no %1").arg(asHtml(scene.columns[column].label)));
    } else if (selection.region) {
        text = regionText(cell, *selection.region);
    } else if (selection.pinned) {
        text = tokenText(cell, *selection.pinned);
    }
    if (text.isEmpty()) {
        text = quietly(
            selection.region ? Text::tr("has no such region") : Text::tr("has no such token"));
    }
    // In one go: a label may hold "%2".
    return QStringLiteral("%1<br>%2").arg(nameOf(scene.rows[row]), text);
}

} // namespace vitreous
