#pragma once

#include "widgets/grid_scene.h"

namespace vitreous {

/// One head of the attention, or their mean, is chosen by view.head.
bool hasHead(const ViewState& view);

/// From the lowest to the highest end of the ranges that the scene shows; 0..1 without any.
ValueRange shownRange(const GridScene& scene);

/// The view with another rule for ranges. Fixed numbers begin as the ends of the ranges that the
/// scene shows.
ViewState withRange(const ViewState& view, RangeMode range, const GridScene& scene);

/// A fixed range of one quantity says nothing about another: where `after` shows another one than
/// `before`, its numbers are the ends of the models' ranges instead.
ViewState
withRangeOfQuantity(const ViewState& before, ViewState after, const std::vector<GridRow>& models);

/// The view with the pinned token's attention, or with CLS attention.
ViewState withQuery(ViewState view, bool from_pinned_token);

/// The view with the whole input or, from the middle of what is seen, nearer or farther.
ViewState withZoom(ViewState view, double factor);

} // namespace vitreous
