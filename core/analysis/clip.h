#pragma once

#include <cstddef>

#include "core/analysis/result.h"

namespace vitreous {

/// One frame of a clip's result as the result of a picture: the maps, the attention and the
/// features are those of the step of time that the frame belongs to (frames of one tubelet share
/// them), picture and input are the frame's own, logits are the clip's. times is 0, and there are
/// no attention_inputs: what a token attends to lies in the whole clip. frame: from 0.
/// Throws Error{Usage} where the result is of no clip or there is no such frame.
AnalysisResult frameOfClip(const AnalysisResult& clip, std::size_t frame);

/// One step of time of a map of a clip: (times, ...) becomes (...); with `heads` in front,
/// (heads, times, ...) becomes (heads, ...). Throws Error{Usage} where there is no such step.
Array stepOfMap(const Array& map, std::int64_t step);
Array stepOfHeads(const Array& map, std::int64_t step);

} // namespace vitreous
