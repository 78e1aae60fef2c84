#pragma once

#include <optional>
#include <string>

#include "widgets/grid_scene.h"

namespace vitreous {

/// What a cell shows of a model.
struct CellSource {
    MapKind map = MapKind::Magnitude;
    std::string tap;               ///< or block, of an attention map
    std::optional<HeadIndex> head; ///< none: the mean over heads
};

/// The cell's raw values, absent where the model has none: no result, no such tap, no such head.
/// With view.query the attention is the pinned token's.
GridCell cellOf(const GridRow& model, const CellSource& source, const ViewState& view);

/// The cell's values brought to 0..1 by its own smallest and largest (of all frames where those
/// count); a constant map becomes 0.
GridCell normalized(GridCell cell);

/// b - a, value by value; absent where the token grids differ.
GridCell differenceOf(const GridCell& a, const GridCell& b);

/// The attention shown is the pinned token's.
bool hasTokenQuery(const ViewState& view);

/// The input as a picture; null where the result has none.
QImage pictureOf(const AnalysisResult& result);

} // namespace vitreous
