#pragma once

#include "widgets/grid_scene.h"

namespace vitreous {

/// Fills rows, columns, cells and the choice of tap for scene.view.kind from the models. Ranges and
/// the models' pictures are left to buildGridScene.
void arrangeKind(GridScene& scene, const std::vector<GridRow>& models);

/// "Magnitude, L2 distance from the mean token", ...: what the scene's maps are, for people.
QString quantityOf(const GridScene& scene, const std::vector<GridRow>& models);

} // namespace vitreous
