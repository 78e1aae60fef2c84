#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "app/desktop/ids.h"
#include "app/desktop/job_runner.h"
#include "core/base/index.h"
#include "widgets/video_extents.h"

namespace vitreous {

/// One model's maps of one frame.
struct FrameMaps {
    ResultPointer result;
    StageTimes times; ///< per frame
};

/// The maps of one video, frame by frame, within a bound of memory.
class VideoResults {
public:
    void add(ModelId model, FrameIndex frame, FrameMaps maps);
    /// The maps or nullptr.
    [[nodiscard]] const FrameMaps* find(ModelId model, FrameIndex frame) const;
    /// The frames of a model that are there, in order.
    [[nodiscard]] const std::map<FrameIndex, FrameMaps>& frames(ModelId model) const;
    /// The smallest and largest values over all frames that ever were there; null before the first.
    [[nodiscard]] std::shared_ptr<const VideoExtents> extents(ModelId model) const;
    void forget(ModelId model);
    void clear();

    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    /// The most that one frame of all models takes without queries and keys, as far as is known; 0
    /// before the first.
    [[nodiscard]] std::uint64_t frameBytes() const;
    /// What queries and keys take, of frames that have them.
    [[nodiscard]] std::uint64_t attentionBytes() const;
    /// Lets go of frames until the bound is kept, those of the latest turn first. turn: of a
    /// model's frame; nothing: it is to be kept.
    void keepWithin(
        std::uint64_t limit,
        const std::function<std::optional<std::size_t>(ModelId, FrameIndex)>& turn);

private:
    struct OfModel {
        std::map<FrameIndex, FrameMaps> frames;
        std::shared_ptr<const VideoExtents> extents;
        std::uint64_t largest = 0; ///< bytes of a frame, without queries and keys
    };
    std::map<ModelId, OfModel> models_;
    std::uint64_t bytes_ = 0;
};

/// True where the frame is among these.
bool holds(const std::vector<FrameIndex>& frames, FrameIndex frame);

/// How far a frame's turn is from now, when computing goes on from the current one to the last and
/// then from the first: 0 for the current one. Places among all frames that are computed.
std::size_t turnOf(std::size_t place, std::size_t current, std::size_t count);

} // namespace vitreous
