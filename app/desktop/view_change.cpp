#include "app/desktop/view_change.h"

#include <algorithm>

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
            if (cell.present) {
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
