#pragma once

#include <stop_token>

#include "app/cli/console.h"
#include "app/cli/video_arguments.h"

namespace vitreous::cli {

/// Runs every model on the frames of the video and writes what was asked for, with a `.json` beside
/// each. Prints the paths that it wrote. Returns 0. Throws Error: one that stops the run leaves
/// none of them behind.
int runVideoCommand(const VideoArguments& arguments, Console& console, const std::stop_token& stop);

} // namespace vitreous::cli
