#include "core/media/frame_stamps.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace vitreous {

void FrameStamps::add(std::int64_t micros) {
    if (micros_.empty()) {
        // OpenCV gives a time of showing of 0 as another one, of decoding.
        micros_.push_back(std::numeric_limits<std::int64_t>::min());
        return;
    }
    const std::int64_t last = micros_.back();
    if (micros > 0 && micros == last) {
        shared_.push_back(micros);
    } else if (micros > 0 && micros < last) {
        tell_places_ = false;
    }
    micros_.push_back(std::max(micros > 0 ? micros : last, last));
}

bool FrameStamps::isKnown(std::size_t frame) const {
    return frame > 0 && micros_[frame] != micros_[frame - 1];
}

bool FrameStamps::matches(std::size_t frame, std::int64_t micros) const {
    return !isKnown(frame) || micros_[frame] == micros;
}

std::optional<std::size_t> FrameStamps::find(std::int64_t micros) const {
    // Of equal ones the first has the time.
    const auto found = std::lower_bound(micros_.begin(), micros_.end(), micros);
    if (!tell_places_ || micros <= 0 || found == micros_.end() || *found != micros ||
        std::binary_search(shared_.begin(), shared_.end(), micros)) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(found - micros_.begin());
}

bool ExpectedStamps::suppose(std::vector<std::int64_t> container, const FrameStamps& learnt) {
    container_ = std::move(container);
    std::size_t known = 0;
    for (std::size_t frame = 1; frame < learnt.size(); ++frame) {
        if (!learnt.isKnown(frame)) {
            continue;
        }
        const std::int64_t micros = learnt.micros(frame);
        if (known++ == 0) {
            const auto found = std::lower_bound(container_.begin(), container_.end(), micros);
            lag_ = found - container_.begin() - std::int64_t(frame);
        }
        if (placeOf(micros) != frame) {
            return false;
        }
    }
    return known >= 4;
}

void ExpectedStamps::decide(bool is_so) {
    is_decided_ = true;
    is_so_ = is_so;
}

std::optional<std::size_t> ExpectedStamps::placeOf(std::int64_t micros) const {
    const auto [first, behind] = std::equal_range(container_.begin(), container_.end(), micros);
    const std::int64_t place = first - container_.begin() - lag_;
    if (micros <= 0 || behind - first != 1 || place < 1) {
        return std::nullopt;
    }
    return std::size_t(place);
}

} // namespace vitreous
