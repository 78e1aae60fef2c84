#pragma once

#include <optional>
#include <vector>

#include "app/desktop/histogram_plot.h"
#include "app/desktop/tap_plot.h"
#include "widgets/grid_scene.h"

namespace vitreous {

/// The layer that the view is about: its column of a scene of layers, the last one where the view
/// names none of them.
std::size_t columnOf(const GridScene& scene);

/// What a selection picks out, the region where there is one: "Rows 2–4, columns 3–5". Empty
/// where it picks nothing.
QString placeText(const Selection& selection);

/// The token's value or the region's mean in a map; nothing where it has none.
std::optional<double> selectedValue(const GridCell& cell, const Selection& selection);

/// The same along the layers, for every model.
std::vector<TapSeries> seriesOf(const GridScene& scene);

/// The maps of a layer, with what is selected marked; of the models that have it.
std::vector<HistogramSeries> histogramsOf(const GridScene& scene, std::size_t column);

/// What is selected at a layer in one model, as HTML.
QString selectedText(const GridScene& scene, std::size_t row, std::size_t column);

} // namespace vitreous
