#pragma once

#include <string>
#include <vector>

#include "core/analysis/model.h"

namespace vitreous {

/// Which tap each model shows: the named one, else the last before it in the order that all models'
/// taps have together; empty: the last of all. Throws Error{Usage} where no model has such a tap,
/// or one has none up to there.
std::vector<std::string>
shownTaps(const std::vector<ModelSummary>& models, const std::string& tap, MapKind map);

} // namespace vitreous
