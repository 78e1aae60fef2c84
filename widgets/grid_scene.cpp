#include "widgets/grid_scene.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <QCoreApplication>

#include "widgets/column_merge.h"

namespace vitreous {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Grid)
};

/// Smallest and largest finite value so far.
struct Extent {
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();

    void add(const std::vector<float>& values) {
        for (const float value : values) {
            if (std::isfinite(value)) {
                low = std::min(low, static_cast<double>(value));
                high = std::max(high, static_cast<double>(value));
            }
        }
    }
    [[nodiscard]] ValueRange range() const {
        return low <= high ? ValueRange{low, high} : ValueRange{};
    }
};

GridCell makeCell(std::vector<float> values, std::int64_t rows, std::int64_t columns) {
    GridCell cell;
    cell.present = true;
    cell.values = std::move(values);
    cell.rows = static_cast<int>(rows);
    cell.columns = static_cast<int>(columns);
    return cell;
}

bool isUsable(const Array& array, std::size_t dimensions) {
    return array.shape.size() == dimensions && !array.values.empty() &&
           elementCount(array.shape) == static_cast<std::int64_t>(array.values.size());
}

GridCell featureCell(const std::map<std::string, Array>& maps, const std::string& tap) {
    const auto found = maps.find(tap);
    if (found == maps.end() || !isUsable(found->second, 2)) {
        return {};
    }
    return makeCell(found->second.values, found->second.shape[0], found->second.shape[1]);
}

std::vector<float> meanOverHeads(const Array& attention) {
    const auto heads = static_cast<std::size_t>(attention.shape[0]);
    const std::size_t tokens = attention.values.size() / heads;
    std::vector<float> mean(tokens);
    for (std::size_t token = 0; token < tokens; ++token) {
        double sum = 0.0;
        for (std::size_t head = 0; head < heads; ++head) {
            sum += attention.values[head * tokens + token];
        }
        mean[token] = static_cast<float>(sum / static_cast<double>(heads));
    }
    return mean;
}

GridCell attentionCell(
    const std::map<std::string, Array>& maps,
    const std::string& block,
    std::optional<HeadIndex> head) {
    const auto found = maps.find(block);
    if (found == maps.end() || !isUsable(found->second, 3)) {
        return {};
    }
    const Array& attention = found->second;
    if (!head) {
        return makeCell(meanOverHeads(attention), attention.shape[1], attention.shape[2]);
    }
    const auto heads = static_cast<std::size_t>(attention.shape[0]);
    if (head->value >= heads) {
        return {};
    }
    const auto tokens = static_cast<std::ptrdiff_t>(attention.values.size() / heads);
    const auto first = attention.values.begin() + static_cast<std::ptrdiff_t>(head->value) * tokens;
    return makeCell({first, first + tokens}, attention.shape[1], attention.shape[2]);
}

GridCell cellOf(const AnalysisResult& result, const std::string& tap, const ViewState& view) {
    switch (view.map) {
    case MapKind::Magnitude:
        return featureCell(result.magnitude, tap);
    case MapKind::Frequency:
        return featureCell(result.frequency, tap);
    case MapKind::ClsAttention:
        return attentionCell(result.cls_attention, tap, view.head);
    }
    return {};
}

QImage pictureOf(const AnalysisResult& result) {
    const Image& picture = result.picture;
    const std::size_t stride = static_cast<std::size_t>(picture.width) * 3;
    if (picture.width <= 0 || picture.height <= 0 ||
        picture.pixels.size() != stride * static_cast<std::size_t>(picture.height)) {
        return {};
    }
    const QImage view(
        picture.pixels.data(), picture.width, picture.height, static_cast<qsizetype>(stride),
        QImage::Format_RGB888);
    return view.convertToFormat(QImage::Format_RGB32);
}

void setRanges(std::vector<std::vector<GridCell>>& cells, RangeMode mode) {
    Extent view;
    for (std::vector<GridCell>& row : cells) {
        Extent extent;
        for (GridCell& cell : row) {
            Extent own;
            own.add(cell.values);
            cell.range = own.range();
            extent.add(cell.values);
            view.add(cell.values);
        }
        if (mode == RangeMode::PerRow) {
            for (GridCell& cell : row) {
                cell.range = extent.range();
            }
        }
    }
    if (mode == RangeMode::PerView) {
        for (std::vector<GridCell>& row : cells) {
            for (GridCell& cell : row) {
                cell.range = view.range();
            }
        }
    }
}

QString attentionText(const std::vector<GridRow>& rows) {
    bool any_cls = false;
    bool any_mean = false;
    for (const GridRow& row : rows) {
        if (row.result) {
            (row.result->mean_query ? any_mean : any_cls) = true;
        }
    }
    if (any_cls && any_mean) {
        return Text::tr("CLS attention (mean-query attention without CLS)");
    }
    return any_mean ? Text::tr("Mean-query attention") : Text::tr("CLS attention");
}

QString quantityText(const std::vector<GridRow>& rows, const ViewState& view) {
    switch (view.map) {
    case MapKind::Magnitude:
        return Text::tr("Magnitude, L2 distance from the mean token");
    case MapKind::Frequency:
        return Text::tr("Frequency (rad)");
    case MapKind::ClsAttention:
        break;
    }
    const QString attention = attentionText(rows);
    return view.head ? Text::tr("%1, head %2").arg(attention).arg(view.head->value + 1)
                     : Text::tr("%1, mean over heads").arg(attention);
}

} // namespace

GridScene buildGridScene(std::vector<GridRow> rows, const ViewState& view) {
    GridScene scene;
    scene.view = view;
    scene.quantity = quantityText(rows, view);
    std::vector<std::vector<Tap>> lists;
    for (const GridRow& row : rows) {
        if (row.result) {
            lists.push_back(
                view.map == MapKind::ClsAttention ? row.result->blocks : row.result->taps);
        }
    }
    const std::vector<Tap> taps = mergeTaps(lists);
    for (const Tap& tap : taps) {
        scene.columns.push_back(
            {QString::fromStdString(tap.label), QString::fromStdString(tap.name)});
    }
    for (const GridRow& row : rows) {
        std::vector<GridCell> cells(taps.size());
        if (row.result) {
            for (std::size_t column = 0; column < taps.size(); ++column) {
                cells[column] = cellOf(*row.result, taps[column].name, view);
            }
        }
        scene.cells.push_back(std::move(cells));
        scene.pictures.push_back(row.result ? pictureOf(*row.result) : QImage());
    }
    setRanges(scene.cells, view.range);
    scene.rows = std::move(rows);
    return scene;
}

std::optional<ValueRange> rangeOfRow(const GridScene& scene, std::size_t row) {
    for (const GridCell& cell : scene.cells[row]) {
        if (cell.present) {
            return cell.range;
        }
    }
    return std::nullopt;
}

std::optional<ValueRange> rangeOfView(const GridScene& scene) {
    for (std::size_t row = 0; row < scene.cells.size(); ++row) {
        if (const std::optional<ValueRange> range = rangeOfRow(scene, row)) {
            return range;
        }
    }
    return std::nullopt;
}

QString rangeRule(RangeMode mode) {
    switch (mode) {
    case RangeMode::PerMap:
        return Text::tr("each map on its own range");
    case RangeMode::PerRow:
        return Text::tr("one range per row");
    case RangeMode::PerColumn:
        return Text::tr("one range per column");
    case RangeMode::PerView:
        return Text::tr("one range for all maps");
    case RangeMode::Percentile:
        return Text::tr("each map between two of its percentiles");
    case RangeMode::Fixed:
        return Text::tr("a fixed range");
    }
    return {};
}

std::optional<std::size_t> rankOf(const GridCell& cell, TokenIndex token) {
    const float value = cell.values[token.value];
    if (!std::isfinite(value)) {
        return std::nullopt;
    }
    const auto above = std::count_if(
        cell.values.begin(), cell.values.end(), [value](float other) { return other > value; });
    return static_cast<std::size_t>(above) + 1;
}

bool haveSameGrid(const GridCell& a, const GridCell& b) {
    return a.present && b.present && a.rows == b.rows && a.columns == b.columns;
}

} // namespace vitreous
