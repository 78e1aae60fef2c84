#pragma once

#include <nlohmann/json.hpp>

#include "app/video/video_job.h"

namespace vitreous {

/// All that is needed to make the outputs again: program version, SHA-256 of checkpoints and video,
/// what the models are, the frames that were taken, taps, maps, switches, how pages look, and the
/// one command. Throws Error{Input} where a file cannot be read; Error{Interrupted}.
nlohmann::json videoProvenance(
    const VideoOrder& order,
    const VideoJob& job,
    const VideoReport& report,
    const Task& task);

} // namespace vitreous
