#pragma once

#include <stop_token>

#include "app/cli/console.h"
#include "app/cli/shapes_arguments.h"

namespace vitreous::cli {

/// Writes the first shapes of a seed, those that `train --shapes` tests on where it is 0, and
/// `labels.csv`, and prints where the latter is. Returns 0. Throws Error{Usage} where the output
/// holds point clouds that would stay among these; Error{Resource}; Error{Interrupted}.
int runShapes(const ShapesArguments& arguments, Console& console, const std::stop_token& stop);

} // namespace vitreous::cli
