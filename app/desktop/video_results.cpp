#include "app/desktop/video_results.h"

#include <algorithm>
#include <iterator>
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

std::size_t placeOf(const std::vector<FrameIndex>& frames, FrameIndex frame) {
    const auto behind = std::upper_bound(frames.begin(), frames.end(), frame);
    return behind == frames.begin() ? 0 : std::size_t(behind - frames.begin()) - 1;
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
    const std::uint64_t attention_bytes = attentionBytesOf(*maps.result);
    of_model.largest = std::max(of_model.largest, bytes - attention_bytes);
    const auto known = of_model.frames.find(frame);
    if (known != of_model.frames.end()) {
        uncount(*known->second.result);
    }
    bytes_ += bytes;
    attention_bytes_ += attention_bytes;
    of_model.frames.insert_or_assign(frame, std::move(maps));
}

void VideoResults::uncount(const AnalysisResult& result) {
    bytes_ -= bytesOf(result);
    attention_bytes_ -= attentionBytesOf(result);
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

void VideoResults::setWanted(
    ModelId model,
    const std::vector<FrameIndex>& frames,
    std::size_t choice) {
    OfModel& of_model = models_[model];
    if (of_model.choice == choice) {
        return;
    }
    of_model.choice = choice;
    of_model.unwanted.clear();
    auto extents = std::make_shared<VideoExtents>();
    bool has_any = false;
    for (const auto& [frame, maps] : of_model.frames) {
        if (std::binary_search(frames.begin(), frames.end(), frame)) {
            extents->add(*maps.result);
            has_any = true;
        } else {
            of_model.unwanted.push_back(frame);
        }
    }
    of_model.extents = has_any ? std::move(extents) : nullptr;
}

void VideoResults::forget(ModelId model) {
    for (const auto& [frame, maps] : frames(model)) {
        uncount(*maps.result);
    }
    models_.erase(model);
}

std::uint64_t VideoResults::frameBytes() const {
    std::uint64_t bytes = 0;
    for (const auto& [model, of_model] : models_) {
        bytes += of_model.largest;
    }
    return bytes;
}

class VideoResults::Leaving {
public:
    Leaving(ModelId model, OfModel& of_model, FrameIndex current)
        : model_(model), current_(current), frames_(&of_model.frames), left_(frames_->size()),
          next_(frames_->lower_bound(current)) {
        stepBack();
    }

    [[nodiscard]] bool isOver() const { return left_ == 0; }
    [[nodiscard]] ModelId model() const { return model_; }
    [[nodiscard]] FrameIndex frame() const { return next_->first; }
    [[nodiscard]] const AnalysisResult& result() const { return *next_->second.result; }
    /// Goes before the other, of another model.
    [[nodiscard]] bool goesBefore(const Leaving& other) const {
        return std::pair(frame() < current_, frame()) >
               std::pair(other.frame() < current_, other.frame());
    }
    void skip() {
        --left_;
        stepBack();
    }
    void erase() {
        next_ = frames_->erase(next_);
        skip();
    }

private:
    void stepBack() {
        if (left_ > 0) {
            next_ = std::prev(next_ == frames_->begin() ? frames_->end() : next_);
        }
    }

    ModelId model_;
    FrameIndex current_;
    std::map<FrameIndex, FrameMaps>* frames_;
    std::size_t left_; ///< to be looked at
    std::map<FrameIndex, FrameMaps>::iterator next_;
};

std::vector<std::pair<ModelId, FrameIndex>> VideoResults::keepWithin(
    std::uint64_t limit,
    FrameIndex current,
    const std::function<bool(ModelId, FrameIndex)>& stays) {
    std::vector<std::pair<ModelId, FrameIndex>> gone;
    std::vector<Leaving> leaving;
    for (auto& [model, of_model] : models_) {
        while (bytes_ > limit && !of_model.unwanted.empty()) {
            const auto entry = of_model.frames.find(of_model.unwanted.back());
            of_model.unwanted.pop_back();
            uncount(*entry->second.result);
            gone.emplace_back(model, entry->first);
            of_model.frames.erase(entry);
        }
        leaving.emplace_back(model, of_model, current);
    }
    while (bytes_ > limit) {
        std::erase_if(leaving, [](const Leaving& each) { return each.isOver(); });
        if (leaving.empty()) {
            break;
        }
        Leaving& next = *std::min_element(
            leaving.begin(), leaving.end(),
            [](const Leaving& a, const Leaving& b) { return a.goesBefore(b); });
        if (stays(next.model(), next.frame())) {
            next.skip();
            continue;
        }
        uncount(next.result());
        gone.emplace_back(next.model(), next.frame());
        next.erase();
    }
    return gone;
}

} // namespace vitreous
