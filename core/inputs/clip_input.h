#pragma once

#include <filesystem>

#include "core/base/task.h"
#include "core/nn/preprocess.h"

namespace vitreous {

/// Decodes the frames of a clip, evenly spaced over the whole of a video (sampledEvenly), and
/// brings them into a model's form. Of a video that ends before its container says, they are spaced
/// over what can be read, and the result tells the loss. One frame is in memory whole at a time.
/// Throws Error{Input}, Error{Interrupted}.
PreparedInput
readClip(const std::filesystem::path& path, const PreprocessSpec& spec, const Task& task = {});

} // namespace vitreous
