#include "app/desktop/view_change.h"

#include <algorithm>
#include <utility>

#include <QPointF>

#include "widgets/map_window.h"

namespace vitreous {

bool hasHead(const ViewState& view) {
    return view.map == MapKind::ClsAttention && view.kind != GridKind::Heads &&
           view.kind != GridKind::Figure3;
}

ValueRange shownRange(const GridScene& scene) {
    std::optional<ValueRange> shown;
    for (const std::vector<GridCell>& row : scene.cells) {
        for (const GridCell& cell : row) {
            if (hasMap(cell)) {
                shown = shown ? ValueRange{std::min(shown->low, cell.range.low),
                                           std::max(shown->high, cell.range.high)}
                              : cell.range;
            }
        }
    }
    return shown.value_or(ValueRange{});
}

ViewState withRange(const ViewState& view, RangeMode range, const GridScene& scene) {
    ViewState changed = view;
    changed.range = range;
    const ValueRange shown = shownRange(scene);
    if (range == RangeMode::Fixed && view.range != RangeMode::Fixed && isUsable(shown)) {
        changed.fixed = shown;
    }
    return changed;
}

ViewState
withRangeOfQuantity(const ViewState& before, ViewState after, const std::vector<GridRow>& models) {
    const auto quantityOf = [](const ViewState& view) {
        const MapKind map = view.kind == GridKind::Heads ? MapKind::ClsAttention : view.map;
        return std::pair(map, view.kind == GridKind::Difference);
    };
    const bool is_kept = before.range == RangeMode::Fixed && after.range == RangeMode::Fixed &&
                         before.fixed == after.fixed;
    if (is_kept && quantityOf(before) != quantityOf(after)) {
        ViewState whole = after;
        whole.range = RangeMode::PerView;
        const ValueRange shown = shownRange(buildGridScene(models, whole));
        after.fixed = isUsable(shown) ? shown : after.fixed;
    }
    return after;
}

ViewState withQuery(ViewState view, bool from_pinned_token) {
    view.query = from_pinned_token ? AttentionQuery::PinnedToken : AttentionQuery::Cls;
    view.map = MapKind::ClsAttention;
    return view;
}

ViewState withZoom(ViewState view, double factor) {
    const QPointF middle(view.viewport.center_x, view.viewport.center_y);
    view.viewport = zoomed(view.viewport, factor, middle);
    return view;
}

} // namespace vitreous
