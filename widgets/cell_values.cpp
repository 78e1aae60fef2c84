#include "widgets/cell_values.h"

#include <cmath>
#include <utility>

#include "widgets/value_range.h"

namespace vitreous {
namespace {

GridCell makeCell(std::vector<float> values, std::int64_t rows, std::int64_t columns) {
    GridCell cell;
    cell.present = true;
    cell.values = std::move(values);
    cell.rows = static_cast<int>(rows);
    cell.columns = static_cast<int>(columns);
    return cell;
}

GridCell groupCell(std::vector<float> values) {
    const auto groups = static_cast<std::int64_t>(values.size());
    GridCell cell = makeCell(std::move(values), 1, groups);
    cell.is_cloud = true;
    return cell;
}

bool isUsable(const Array& array, std::size_t dimensions) {
    return array.shape.size() == dimensions && !array.values.empty() &&
           elementCount(array.shape) == static_cast<std::int64_t>(array.values.size());
}

/// has_groups: the tokens are groups of points.
GridCell
featureCell(const std::map<std::string, Array>& maps, const std::string& tap, bool has_groups) {
    const auto found = maps.find(tap);
    if (found == maps.end()) {
        return {};
    }
    const Array& map = found->second;
    if (has_groups) {
        return isUsable(map, 1) ? groupCell(map.values) : GridCell{};
    }
    return isUsable(map, 2) ? makeCell(map.values, map.shape[0], map.shape[1]) : GridCell{};
}

GridCell attentionCell(
    const AttentionMaps& maps,
    const std::string& block,
    std::optional<HeadIndex> head,
    bool has_groups) {
    const auto found = maps.find(block);
    const bool is_usable = found != maps.end() && ((has_groups && isUsable(found->second, 2)) ||
                                                   isUsable(found->second, 3));
    if (!is_usable) {
        return {};
    }
    const Array& attention = found->second;
    const auto cellOfHead = [&attention](std::vector<float> values) {
        return attention.shape.size() == 2
                   ? groupCell(std::move(values))
                   : makeCell(std::move(values), attention.shape[1], attention.shape[2]);
    };
    if (!head) {
        return cellOfHead(meanOverHeads(attention));
    }
    const auto heads = static_cast<std::size_t>(attention.shape[0]);
    if (head->value >= heads) {
        return {};
    }
    const auto tokens = static_cast<std::ptrdiff_t>(attention.values.size() / heads);
    const auto first = attention.values.begin() + static_cast<std::ptrdiff_t>(head->value) * tokens;
    return cellOfHead({first, first + tokens});
}

} // namespace

bool hasTokenQuery(const ViewState& view) {
    return view.query == AttentionQuery::PinnedToken && view.selection.pinned.has_value();
}

namespace {

GridCell shownCell(const GridRow& model, const CellSource& source, const ViewState& view) {
    if (!model.result) {
        return {};
    }
    const bool has_groups = !model.result->centers.values.empty();
    if (has_groups && !(model.cloud.shape && model.cloud.weights)) {
        // There are no points that could take the values.
        return {};
    }
    switch (source.map) {
    case MapKind::Magnitude:
        return featureCell(model.result->magnitude, source.tap, has_groups);
    case MapKind::Frequency:
        return featureCell(model.result->frequency, source.tap, has_groups);
    case MapKind::ClsAttention:
        break;
    }
    if (hasTokenQuery(view)) {
        GridCell cell = model.attention
                            ? attentionCell(*model.attention, source.tap, source.head, has_groups)
                            : GridCell{};
        // A query's rows come as 1 x groups.
        cell.is_cloud = cell.present && has_groups;
        return cell;
    }
    return attentionCell(model.result->cls_attention, source.tap, source.head, has_groups);
}

} // namespace

GridCell cellOf(const GridRow& model, const CellSource& source, const ViewState& view) {
    GridCell cell = shownCell(model, source, view);
    // Of a token's attention only this frame's is known.
    const bool is_of_token = source.map == MapKind::ClsAttention && hasTokenQuery(view);
    if (cell.present && model.extents && view.video.joint && !is_of_token) {
        cell.joint = model.extents->of(source.map, source.tap, source.head);
    }
    return cell;
}

GridCell normalized(GridCell cell) {
    const ValueRange range = extentOf(cell);
    // Halves, because the span of two floats may not be a float.
    const double half_span = range.high * 0.5 - range.low * 0.5;
    for (float& value : cell.values) {
        if (std::isfinite(value)) {
            const double half = static_cast<double>(value) * 0.5 - range.low * 0.5;
            value = half_span > 0.0 ? static_cast<float>(half / half_span) : 0.0F;
        }
    }
    if (cell.joint) {
        cell.joint = ValueRange{0.0, 1.0};
    }
    return cell;
}

GridCell differenceOf(const GridCell& a, const GridCell& b) {
    if (!haveSameGrid(a, b)) {
        return {};
    }
    GridCell cell = b;
    for (std::size_t token = 0; token < cell.values.size(); ++token) {
        cell.values[token] -= a.values[token];
    }
    cell.joint.reset();
    if (a.joint && b.joint) {
        // Farther apart they cannot be, in whatever frame.
        cell.joint = ValueRange{-1.0, 1.0};
    }
    return cell;
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

} // namespace vitreous
