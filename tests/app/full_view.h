#pragma once

#include "widgets/view_state.h"

namespace vitreous::testing {

/// A view with no field at its default, nor at that of another.
inline ViewState fullView() {
    ViewState view;
    view.kind = GridKind::Scrub;
    view.map = MapKind::ClsAttention;
    view.head = HeadIndex{1};
    view.query = AttentionQuery::PinnedToken;
    view.tap = "blocks.1";
    view.sampling = Sampling::Bilinear;
    view.overlay = Overlay::Contour;
    view.opacity = 0.1;
    view.threshold = 1.0 / 3.0;
    view.colormap = Colormap::Coolwarm;
    view.range = RangeMode::Fixed;
    view.percentiles = {5.5, 90.25};
    view.fixed = {-1e-17, 123456789.123456789};
    view.viewport = {2.7, 0.3, 0.8};
    view.cloud.camera = {
        -12.5, 33.3, 2.0 / 7.0, {0.1, -0.2, 0.3}, 45.5, Projection::Orthographic, UpAxis::Z, false};
    view.cloud.values = GroupValues::Raw;
    view.cloud.shows_centers = true;
    view.cloud.point_size = 2.3;
    view.cloud.shading = CloudShading::None;
    view.cloud.ground = CloudGround::Black;
    view.video = {false, 0.15, 0.85, 12, true, 5, true, 77, true, 0.5};
    view.selection.pinned = TokenPlace{TokenIndex{3}, 2, 2, true};
    view.selection.region = TokenRegion{1, 2, 3, 4, 14, 16};
    return view;
}

} // namespace vitreous::testing
