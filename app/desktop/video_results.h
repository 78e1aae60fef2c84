#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
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
    /// The smallest and largest values over all frames that ever were there, of those that are
    /// wanted; null before the first.
    [[nodiscard]] std::shared_ptr<const VideoExtents> extents(ModelId model) const;
    /// The frames that are wanted of a model, in order; others are kept while there is room.
    /// choice: another number than before: they are others than before.
    void setWanted(ModelId model, const std::vector<FrameIndex>& frames, std::size_t choice);
    void forget(ModelId model);

    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    /// The most that one frame of all models takes without queries and keys, as far as is known; 0
    /// before the first.
    [[nodiscard]] std::uint64_t frameBytes() const;
    /// What queries and keys take, of frames that have them.
    [[nodiscard]] std::uint64_t attentionBytes() const { return attention_bytes_; }
    /// Lets go of frames until the bound is kept: those that are not wanted, then those before the
    /// current one, the nearest first, then the last ones. stays: asked in that order of a model's
    /// frames; true: it is to be kept. Returns what went.
    std::vector<std::pair<ModelId, FrameIndex>> keepWithin(
        std::uint64_t limit,
        FrameIndex current,
        const std::function<bool(ModelId, FrameIndex)>& stays);

private:
    struct OfModel {
        std::map<FrameIndex, FrameMaps> frames;
        std::vector<FrameIndex> unwanted; ///< of these
        std::size_t choice = 0;
        std::shared_ptr<const VideoExtents> extents;
        std::uint64_t largest = 0; ///< bytes of a frame, without queries and keys
    };
    /// Walks over a model's frames in the order in which they go.
    class Leaving;

    void uncount(const AnalysisResult& result);

    std::map<ModelId, OfModel> models_;
    std::uint64_t bytes_ = 0;
    std::uint64_t attention_bytes_ = 0;
};

/// True where the frame is among these.
bool holds(const std::vector<FrameIndex>& frames, FrameIndex frame);

/// The place of a frame among others in order, or of the last one before it.
std::size_t placeOf(const std::vector<FrameIndex>& frames, FrameIndex frame);

/// How far a frame's turn is from now, when computing goes on from the current one to the last and
/// then from the first: 0 for the current one. Places among all frames that are computed.
std::size_t turnOf(std::size_t place, std::size_t current, std::size_t count);

} // namespace vitreous
