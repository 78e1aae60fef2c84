#include "app/desktop/video_results.h"

#include <algorithm>
#include <utility>

#include "app/desktop/result_cache.h"

namespace vitreous {

namespace {

std::uint64_t attentionBytesOf(const AnalysisResult& result) {
    return result.attention_inputs ? result.attention_inputs->bytes() : 0;
}

} // namespace

bool holds(const std::vector<FrameIndex>& frames, FrameIndex frame) {
    return std::find(frames.begin(), frames.end(), frame) != frames.end();
}

std::size_t turnOf(std::size_t place, std::size_t current, std::size_t count) {
    return place >= current ? place - current : count - std::min(current, count) + place;
}

void VideoResults::add(ModelId model, FrameIndex frame, FrameMaps maps) {
    OfModel& of_model = models_[model];
    // Rows that are shown hold the ranges they were drawn with.
    auto extents = of_model.extents ? std::make_shared<VideoExtents>(*of_model.extents)
                                    : std::make_shared<VideoExtents>();
    extents->add(*maps.result);
    of_model.extents = std::move(extents);
    const std::uint64_t bytes = bytesOf(*maps.result);
    of_model.largest = std::max(of_model.largest, bytes - attentionBytesOf(*maps.result));
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

std::uint64_t VideoResults::attentionBytes() const {
    std::uint64_t bytes = 0;
    for (const auto& [model, of_model] : models_) {
        for (const auto& [frame, maps] : of_model.frames) {
            bytes += attentionBytesOf(*maps.result);
        }
    }
    return bytes;
}

void VideoResults::keepWithin(
    std::uint64_t limit,
    const std::function<std::optional<std::size_t>(ModelId, FrameIndex)>& turn) {
    if (bytes_ <= limit) {
        return;
    }
    struct Candidate {
        std::size_t turn = 0;
        OfModel* of_model = nullptr;
        FrameIndex frame;
    };
    std::vector<Candidate> candidates;
    for (auto& [model, of_model] : models_) {
        for (const auto& [frame, maps] : of_model.frames) {
            if (const std::optional<std::size_t> when = turn(model, frame)) {
                candidates.push_back({*when, &of_model, frame});
            }
        }
    }
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return a.turn > b.turn;
    });
    for (const Candidate& candidate : candidates) {
        if (bytes_ <= limit) {
            return;
        }
        const auto entry = candidate.of_model->frames.find(candidate.frame);
        bytes_ -= bytesOf(*entry->second.result);
        candidate.of_model->frames.erase(entry);
    }
}

} // namespace vitreous
