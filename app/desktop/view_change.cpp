#include "app/desktop/view_change.h"

#include <algorithm>

#include <QPointF>

#include "widgets/map_window.h"

namespace vitreous {

bool hasHead(const ViewState& view) {
    return view.map == MapKind::ClsAttention && view.kind != GridKind::Heads &&
           view.kind != GridKind::Figure3;
}

ViewState withRange(const ViewState& view, RangeMode range, const GridScene& scene) {
    ViewState changed = view;
    changed.range = range;
    if (range == RangeMode::Fixed && view.range != RangeMode::Fixed) {
        bool is_first = true;
        for (const std::vector<GridCell>& row : scene.cells) {
            for (const GridCell& cell : row) {
                if (cell.present) {
                    ValueRange& fixed = changed.fixed;
                    fixed.low = is_first ? cell.range.low : std::min(fixed.low, cell.range.low);
                    fixed.high = is_first ? cell.range.high : std::max(fixed.high, cell.range.high);
                    is_first = false;
                }
            }
        }
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
