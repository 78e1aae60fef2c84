#pragma once

#include <stop_token>

#include "app/cli/arguments.h"
#include "app/cli/console.h"

namespace vitreous::cli {

/// Runs every model on every input and writes the results, the path of each `.npz` on a line of its
/// own. Inputs that fail are named, the others done. Returns 0, 1 where some inputs failed, 4 where
/// all did. Throws Error: wrong usage, a model that cannot be used (before anything is written), a
/// device, memory or disk that does not suffice, an interruption.
int runAnalyze(const AnalyzeArguments& arguments, Console& console, const std::stop_token& stop);

} // namespace vitreous::cli
