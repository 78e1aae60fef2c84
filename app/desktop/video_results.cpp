#include "app/desktop/video_results.h"

#include <algorithm>
#include <utility>

#include "app/desktop/result_cache.h"

namespace vitreous {

std::size_t turnOf(FrameIndex frame, FrameIndex current, FrameIndex last) {
    return frame >= current ? frame.value - current.value
                            : last.value - std::min(current.value, last.value) + 1 + frame.value;
}

void VideoResults::add(ModelId model, FrameIndex frame, FrameMaps maps) {
    OfModel& of_model = models_[model];
    // Rows that are shown hold the ranges they were drawn with.
    auto extents = of_model.extents ? std::make_shared<VideoExtents>(*of_model.extents)
                                    : std::make_shared<VideoExtents>();
    extents->add(*maps.result);
    of_model.extents = std::move(extents);
    const std::uint64_t bytes = bytesOf(*maps.result);
    of_model.largest = std::max(of_model.largest, bytes);
    const auto known = of_model.frames.find(frame);
    if (known != of_model.frames.end()) {
        bytes_ -= bytesOf(*known->second.result);
    }
    bytes_ += bytes;
    of_model.frames.insert_or_assign(frame, std::move(maps));
}

const FrameMaps* VideoResults::find(ModelId model, FrameIndex frame) const {
    const auto& frames = this->frames(model);
    const auto found = frames.find(frame);
    return found == frames.end() ? nullptr : &found->second;
}

const std::map<FrameIndex, FrameMaps>& VideoResults::frames(ModelId model) const {
    static const std::map<FrameIndex, FrameMaps> none;
    const auto found = models_.find(model);
    return found == models_.end() ? none : found->second.frames;
}

std::shared_ptr<const VideoExtents> VideoResults::extents(ModelId model) const {
    const auto found = models_.find(model);
    return found == models_.end() ? nullptr : found->second.extents;
}

void VideoResults::forget(ModelId model) {
    for (const auto& [frame, maps] : frames(model)) {
        bytes_ -= bytesOf(*maps.result);
    }
    models_.erase(model);
}

void VideoResults::clear() {
    models_.clear();
    bytes_ = 0;
}

std::uint64_t VideoResults::frameBytes() const {
    std::uint64_t bytes = 0;
    for (const auto& [model, of_model] : models_) {
        bytes += of_model.largest;
    }
    return bytes;
}

void VideoResults::keepWithin(std::uint64_t limit, FrameIndex current, FrameIndex last) {
    while (bytes_ > limit) {
        OfModel* farthest_model = nullptr;
        FrameIndex farthest;
        std::size_t farthest_turn = 0;
        for (auto& [model, of_model] : models_) {
            // The one whose turn comes last is the one just before the current frame, else the
            // last one of all.
            const auto behind = of_model.frames.lower_bound(current);
            const auto candidate =
                behind != of_model.frames.begin() ? std::prev(behind) : of_model.frames.end();
            const FrameIndex frame = candidate != of_model.frames.end() ? candidate->first
                                     : of_model.frames.empty()
                                         ? current
                                         : std::prev(of_model.frames.end())->first;
            const std::size_t turn = turnOf(frame, current, last);
            if (turn > farthest_turn) {
                farthest_turn = turn;
                farthest = frame;
                farthest_model = &of_model;
            }
        }
        if (farthest_model == nullptr) {
            return;
        }
        const auto entry = farthest_model->frames.find(farthest);
        bytes_ -= bytesOf(*entry->second.result);
        farthest_model->frames.erase(entry);
    }
}

} // namespace vitreous
