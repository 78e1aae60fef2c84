#include "core/media/frame_sampling.h"

#include <algorithm>

namespace vitreous {

std::vector<FrameIndex> sampledEvenly(std::int64_t total, int count) {
    std::vector<FrameIndex> frames;
    if (total <= 0 || count <= 0) {
        return frames;
    }
    frames.reserve(static_cast<std::size_t>(count));
    // (2 i + 1) total / (2 count) in whole numbers, in two parts so that nothing overflows.
    const std::int64_t parts = std::int64_t{2} * count;
    const std::int64_t whole = total / parts;
    const std::int64_t rest = total % parts;
    for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t odd = 2 * i + 1;
        frames.push_back({static_cast<std::size_t>(odd * whole + odd * rest / parts)});
    }
    return frames;
}

std::vector<FrameIndex> everyNth(std::int64_t total, int step) {
    std::vector<FrameIndex> frames;
    if (total <= 0 || step <= 0) {
        return frames;
    }
    frames.reserve(static_cast<std::size_t>((total - 1) / step + 1));
    for (std::int64_t frame = 0; frame < total; frame += step) {
        frames.push_back({static_cast<std::size_t>(frame)});
    }
    return frames;
}

} // namespace vitreous
