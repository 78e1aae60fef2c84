#pragma once

#include <stop_token>

#include "app/cli/arguments.h"
#include "app/cli/console.h"

namespace vitreous::cli {

/// Times a model on a generated video (300 frames, 320 x 240, H.264) in turns: the forward passes
/// alone over the same batches, the same with all maps, and the whole of `video` from the file to
/// `.npz` (all maps of all taps) and to `.mp4` (one tap's magnitude over the frames, one range over
/// all of them). Prints medians in seconds and what each is to the forward passes alone. Returns 0.
/// Throws Error as loadModel and runVideoJob.
int runVideoBench(
    const ModelSpec& spec,
    const BenchArguments& arguments,
    Console& console,
    const std::stop_token& stop);

} // namespace vitreous::cli
