#pragma once

#include <string>
#include <vector>

#include "widgets/cell_values.h"
#include "widgets/grid_scene.h"

namespace vitreous {

/// The taps that a kind of map has.
const std::vector<Tap>& tapsOf(const AnalysisResult& result, MapKind map);

/// All models' taps that a kind of map has, in one order.
std::vector<Tap> mergedTaps(const std::vector<GridRow>& models, MapKind map);

GridColumn columnOf(const Tap& tap);

/// A model's cell over its own picture.
GridCell cellAt(
    const std::vector<GridRow>& models,
    std::size_t model,
    const CellSource& source,
    const ViewState& view);

/// The tap of that place, or the last one before it that the model has; null: there is none.
const Tap* lastUpTo(
    const AnalysisResult& result,
    const std::vector<Tap>& taps,
    std::size_t place,
    MapKind map);

/// Lets view.tap choose among these; the last one where it names none of them.
void setChoice(GridScene& scene, const std::vector<Tap>& taps);

/// Models whose columns cannot be shown say why in rows of their own.
void addMessages(GridScene& scene, const std::vector<GridRow>& models);

/// A row that stands for no model.
GridRow plainRow(const QString& label, const std::vector<GridRow>& models);

} // namespace vitreous
