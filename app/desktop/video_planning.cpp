// Which frames of a video are computed next.

#include <algorithm>
#include <iterator>

#include "app/desktop/video_work.h"

namespace vitreous {
namespace {

/// The place of a frame among others in order, or of the last one before it.
std::size_t placeOf(const std::vector<FrameIndex>& frames, FrameIndex frame) {
    const auto behind = std::upper_bound(frames.begin(), frames.end(), frame);
    return behind == frames.begin() ? 0 : std::size_t(behind - frames.begin()) - 1;
}

} // namespace

std::size_t VideoWork::capacity() const {
    const std::uint64_t each = results().frameBytes();
    const std::uint64_t others = clipBytes() + results().attentionBytes();
    // What is on its way has to find room too.
    const std::uint64_t room = (limit_ - std::min(limit_, others)) / 10 * 9;
    if (each == 0) {
        return shown_.size() + 1;
    }
    // What goes through a model together with the current frame is kept too, wherever it lies.
    std::uint64_t kept = 0;
    for (const Group& group : groups_) {
        kept = std::max<std::uint64_t>(kept, currentPart(group).size());
    }
    const std::uint64_t places = room / each;
    return std::size_t(std::max<std::uint64_t>(1, places - std::min(places, kept)));
}

bool VideoWork::isUnreadable(FrameIndex frame) const {
    const Video* video = known();
    return video != nullptr && video->unreadable.contains(frame);
}

std::size_t VideoWork::turnFor(ModelId model, FrameIndex frame) const {
    // Of a clip model the frame that is shown may lie before the one that is looked at.
    return frame == frameFor(model, current_)
               ? 0
               : turnOf(placeOf(shown_, frame), placeOf(shown_, current_), shown_.size());
}

std::vector<FrameIndex> VideoWork::currentPart(const Group& group) const {
    const std::optional<FrameIndex> own = frameFor(group.models.front().id, current_);
    for (const std::vector<FrameIndex>& part : group.plan.parts) {
        if (own && holds(part, *own)) {
            return part;
        }
    }
    return {};
}

std::optional<VideoWork::Need>
VideoWork::needOf(const Group& group, const std::vector<FrameIndex>& part, std::size_t most) const {
    std::optional<Need> need;
    std::vector<FrameIndex> readable;
    std::copy_if(part.begin(), part.end(), std::back_inserter(readable), [this](FrameIndex frame) {
        return !isUnreadable(frame);
    });
    for (const VideoTarget::RunModel& model : group.models) {
        std::optional<std::size_t> first;
        for (const FrameIndex frame : readable) {
            const std::size_t turn = turnFor(model.id, frame);
            if (turn < most && (!first || turn < *first) &&
                results().find(model.id, frame) == nullptr) {
                first = turn;
            }
        }
        if (!first || isOnTheWay(model.id, readable)) {
            continue;
        }
        need = need ? need : Need{*first, {}};
        need->turn = std::min(need->turn, *first);
        need->models.push_back(model);
    }
    return need;
}

std::optional<VideoWork::Chunk> VideoWork::nextChunk() const {
    std::optional<Chunk> next;
    std::size_t next_turn = 0;
    const std::size_t most = capacity();
    for (const Group& group : groups_) {
        for (const std::vector<FrameIndex>& part : group.plan.parts) {
            std::optional<Need> need = needOf(group, part, most);
            if (need && (!next || need->turn < next_turn)) {
                next_turn = need->turn;
                next = Chunk{
                    .input = target_->input,
                    .frames = part,
                    .is_clip = group.plan.is_clip,
                    .models = std::move(need->models)};
            }
        }
    }
    return next;
}

std::optional<VideoWork::Chunk> VideoWork::detailChunk() const {
    const Video* video = known();
    if (!target_->keeps_attention || video == nullptr) {
        return std::nullopt;
    }
    for (const Group& group : groups_) {
        const std::optional<FrameIndex> own = frameFor(group.models.front().id, current_);
        if (!own || isUnreadable(*own)) {
            continue;
        }
        Chunk chunk{
            .input = target_->input,
            .frames = group.plan.is_clip ? currentPart(group) : std::vector<FrameIndex>{*own},
            .is_clip = group.plan.is_clip,
            .keeps_attention = true};
        for (const VideoTarget::RunModel& model : group.models) {
            const auto clip = video->clips.find(model.id);
            const auto detailed = video->detailed.find(model.id);
            const bool was_asked_for =
                group.plan.is_clip ? clip != video->clips.end() && holds(clip->second.frames, *own)
                                   : detailed != video->detailed.end() && detailed->second == *own;
            const bool is_on_its_way =
                std::any_of(in_flight_.begin(), in_flight_.end(), [&](const auto& entry) {
                    return entry.second.keeps_attention && brings(entry.second, model.id, {*own});
                });
            if (!was_asked_for && !is_on_its_way) {
                chunk.models.push_back(model);
            }
        }
        if (!chunk.models.empty()) {
            return chunk;
        }
    }
    return std::nullopt;
}

} // namespace vitreous
