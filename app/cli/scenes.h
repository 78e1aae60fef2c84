#pragma once

#include <stop_token>

#include "app/cli/console.h"
#include "app/cli/scenes_arguments.h"

namespace vitreous::cli {

/// Writes the first scenes of a data set, those that `train` tests on where the seed is 0, their
/// masks and `labels.csv`, and prints where they are. Fewer pictures than asked for are said.
/// Returns 0. Throws as openPictures and composeScene; Error{Usage} where the output holds scenes
/// of another run that would stay among these; Error{Resource}; Error{Interrupted}.
int runScenes(const ScenesArguments& arguments, Console& console, const std::stop_token& stop);

} // namespace vitreous::cli
