#pragma once

#include "widgets/grid_scene.h"

namespace vitreous {

/// Fills the scene with frames of a video and each model's maps at one tap, twice: the tokens at or
/// over either of view.video's levels. The frames' pictures go behind the models' in
/// scene.pictures. Source: arXiv 2310.12973, figure 5.
void arrangeFilmstrip(GridScene& scene, const std::vector<GridRow>& models);

/// The view that the filmstrip's maps are of: of a token's attention only one frame's is known, so
/// that it shows the classifier's.
ViewState filmView(ViewState view);

} // namespace vitreous
