#pragma once

#include "core/analysis/model.h"
#include "widgets/grid_scene.h"

namespace vitreous {

/// A model's five largest logits with their classes, largest first, as HTML.
QString predictionsOf(const GridRow& row, const ModelSummary& summary);

} // namespace vitreous
