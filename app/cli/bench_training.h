#pragma once

#include <stop_token>

#include "app/cli/arguments.h"
#include "app/cli/console.h"

namespace vitreous::cli {

/// Times training steps of the demo's ViT over a batch of noise and prints the median. Returns 0.
/// Throws as timeTrainingSteps does.
int runTrainingBench(
    const BenchArguments& arguments,
    Console& console,
    const std::stop_token& stop);

} // namespace vitreous::cli
