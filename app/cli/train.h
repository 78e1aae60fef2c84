#pragma once

#include <stop_token>

#include "app/cli/console.h"
#include "app/cli/train_arguments.h"

namespace vitreous::cli {

/// Trains; prints a line an epoch and where the checkpoint is. Throws as vitreous::train does.
int runTrain(const TrainArguments& arguments, Console& console, const std::stop_token& stop);

} // namespace vitreous::cli
