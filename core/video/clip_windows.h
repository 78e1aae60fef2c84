#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "core/nn/preprocess.h"

namespace vitreous {

/// Frames that go through a model at once, and where they are in the run.
template <typename Frame>
struct FramePart {
    std::vector<std::size_t> positions;
    std::vector<Frame> frames;
};

/// Gathers frames as they come to the parts that planOver tells of, without knowing how many come.
template <typename Frame>
class PartWindow {
public:
    /// frames_of_clip: 0: an image model, up to batch frames at once.
    PartWindow(int frames_of_clip, int batch)
        : is_clip_(frames_of_clip > 0),
          at_once_(static_cast<std::size_t>(is_clip_ ? frames_of_clip : batch)) {}

    /// The next frame; the part that it completes.
    std::optional<FramePart<Frame>> add(std::size_t position, Frame frame) {
        last_.emplace_back(position, std::move(frame));
        // Of a clip model those of the clip before stay: the last clip may begin within it.
        if (last_.size() > at_once_) {
            last_.pop_front();
        }
        ++fresh_;
        return fresh_ == at_once_ ? std::optional(take()) : std::nullopt;
    }

    /// No frame comes any more; the rest of them.
    std::optional<FramePart<Frame>> finish() {
        if (fresh_ == 0) {
            return std::nullopt;
        }
        if (!is_clip_) {
            last_.erase(last_.begin(), last_.end() - static_cast<std::ptrdiff_t>(fresh_));
        }
        return take();
    }

private:
    FramePart<Frame> take() {
        FramePart<Frame> part;
        const std::size_t count = is_clip_ ? at_once_ : last_.size();
        for (std::size_t i = 0; i < count; ++i) {
            // The middle of each share: all of them in turn where there are as many.
            const auto& [position, frame] = last_[(2 * i + 1) * last_.size() / (2 * count)];
            part.positions.push_back(position);
            part.frames.push_back(frame);
        }
        fresh_ = 0;
        if (!is_clip_) {
            last_.clear();
        }
        return part;
    }

    bool is_clip_;
    std::size_t at_once_;
    std::deque<std::pair<std::size_t, Frame>> last_;
    std::size_t fresh_ = 0; ///< of them, not in a part yet
};

} // namespace vitreous
