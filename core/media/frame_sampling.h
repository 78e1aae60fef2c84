#pragma once

#include <cstdint>
#include <vector>

#include "core/base/index.h"

namespace vitreous {

/// count frames of total, evenly: frame floor((i + 0.5) * total / count) for i in 0..count - 1.
/// Frames repeat where total is smaller than count; none where either is not positive.
std::vector<FrameIndex> sampledEvenly(std::int64_t total, int count);

/// Frames 0, step, 2 step, ... below total; none where total or step is not positive.
std::vector<FrameIndex> everyNth(std::int64_t total, int step);

} // namespace vitreous
