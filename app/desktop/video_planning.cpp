// Which frames of a video are computed next.

#include <algorithm>
#include <iterator>

#include "app/desktop/video_work.h"

namespace vitreous {
namespace {

template <typename Values, typename Predicate>
bool all(const Values& values, Predicate predicate) {
    return std::all_of(values.begin(), values.end(), predicate);
}

} // namespace

bool VideoWork::isUnreadable(FrameIndex frame) const {
    const Video* video = known();
    return video != nullptr && video->unreadable.contains(frame);
}

bool VideoWork::isFailed(ModelId model, FrameIndex frame) const {
    const Video* video = known();
    if (video == nullptr) {
        return false;
    }
    const auto failed = video->failed.find(model);
    return failed != video->failed.end() && failed->second.contains(frame);
}

bool VideoWork::lacks(ModelId model, FrameIndex frame) const {
    return results().find(model, frame) == nullptr && !isUnreadable(frame) &&
           !isFailed(model, frame);
}

std::optional<FrameIndex> VideoWork::ownFrame(const Group& group, FrameIndex frame) {
    return group.frames.empty() ? std::nullopt
                                : std::optional(group.frames[placeOf(group.frames, frame)]);
}

std::size_t VideoWork::turnFor(const Group& group, FrameIndex frame) const {
    // Of a clip model the frame that is shown may lie before the one that is looked at.
    if (frame == ownFrame(group, current_)) {
        return 0;
    }
    const std::vector<FrameIndex>& film = group.film;
    const auto place = std::find(film.begin(), film.end(), frame);
    if (place != film.end()) {
        const auto next = std::lower_bound(film.begin(), film.end(), current_);
        return 1 + turnOf(
                       std::size_t(place - film.begin()), std::size_t(next - film.begin()),
                       film.size());
    }
    return film.size() + turnOf(placeOf(shown_, frame), placeOf(shown_, current_), shown_.size());
}

std::optional<std::size_t> VideoWork::partWith(const Group& group, FrameIndex frame) {
    const auto& parts = group.plan.parts;
    auto behind = std::upper_bound(
        parts.begin(), parts.end(), frame,
        [](FrameIndex wanted, const auto& part) { return wanted < part.front(); });
    // The last clip may begin within the one before.
    std::optional<std::size_t> found;
    while (behind != parts.begin() && frame <= std::prev(behind)->back()) {
        --behind;
        found = std::size_t(behind - parts.begin());
    }
    return found;
}

std::vector<FrameIndex> VideoWork::currentPart(const Group& group) const {
    const std::optional<FrameIndex> own = ownFrame(group, current_);
    const std::optional<std::size_t> part = own ? partWith(group, *own) : std::nullopt;
    return part ? group.plan.parts[*part] : std::vector<FrameIndex>();
}

bool VideoWork::isLacking(const Group& group, std::size_t part) const {
    return std::any_of(group.models.begin(), group.models.end(), [&](const auto& model) {
        const std::vector<FrameIndex>& frames = group.plan.parts[part];
        return std::any_of(
            frames.begin(), frames.end(), [&](FrameIndex frame) { return lacks(model.id, frame); });
    });
}

std::optional<VideoWork::Need>
VideoWork::needOf(const Group& group, std::size_t part, std::size_t most) const {
    std::optional<Need> need;
    std::vector<FrameIndex> readable;
    const std::vector<FrameIndex>& frames = group.plan.parts[part];
    std::copy_if(
        frames.begin(), frames.end(), std::back_inserter(readable),
        [this](FrameIndex frame) { return !isUnreadable(frame); });
    for (const VideoTarget::RunModel& model : group.models) {
        std::optional<std::size_t> first;
        for (const FrameIndex frame : readable) {
            const std::size_t turn = turnFor(group, frame);
            if (turn < most && (!first || turn < *first) && lacks(model.id, frame)) {
                first = turn;
            }
        }
        if (!first || isOnTheWay(model.id, readable)) {
            continue;
        }
        need = need ? need : Need{*first, part, {}};
        need->turn = std::min(need->turn, *first);
        need->models.push_back(model);
    }
    return need;
}

std::optional<VideoWork::Need> VideoWork::nextNeed(Group& group, std::size_t most) const {
    const std::optional<FrameIndex> own = ownFrame(group, current_);
    const std::optional<std::size_t> current = own ? partWith(group, *own) : std::nullopt;
    if (!current) {
        return std::nullopt;
    }
    std::optional<Need> first;
    const auto look = [&](std::size_t part) {
        std::optional<Need> need = needOf(group, part, most);
        if (need && (!first || need->turn < first->turn)) {
            first = std::move(need);
        }
    };
    look(*current);
    for (const FrameIndex frame : group.film) {
        look(*partWith(group, frame));
    }
    // Behind the current part the first one that lacks anything has the next turn.
    auto part = group.open.upper_bound(*current);
    for (std::size_t left = group.open.size(); left > 0; --left) {
        part = part == group.open.end() ? group.open.begin() : part;
        if (!isLacking(group, *part)) {
            part = group.open.erase(part);
            continue;
        }
        if (*part != *current) {
            if (needOf(group, *part, most)) {
                look(*part);
                break;
            }
            if (turnFor(group, group.plan.parts[*part].front()) >= most) {
                break;
            }
        }
        ++part;
    }
    return first;
}

std::optional<VideoWork::Chunk> VideoWork::nextChunk() {
    const std::size_t most = capacity();
    std::optional<Need> next;
    const Group* of = nullptr;
    for (Group& group : groups_) {
        std::optional<Need> need = nextNeed(group, most);
        if (need && (!next || need->turn < next->turn)) {
            next = std::move(need);
            of = &group;
        }
    }
    if (!next) {
        return std::nullopt;
    }
    return Chunk{
        .input = target_->input,
        .frames = of->plan.parts[next->part],
        .is_clip = of->plan.is_clip,
        .models = std::move(next->models)};
}

std::vector<FrameIndex> VideoWork::detailedFrames() const {
    if (!target_ || !target_->keeps_attention || shown_.empty()) {
        return {};
    }
    std::vector<FrameIndex> frames = {current_};
    if (looks_ahead_) {
        frames.push_back(shown_[(placeOf(shown_, current_) + 1) % shown_.size()]);
    }
    return frames;
}

const VideoWork::Detail* VideoWork::detailOf(ModelId model, FrameIndex frame) const {
    const Video* video = known();
    if (video == nullptr || !video->details.contains(model)) {
        return nullptr;
    }
    const std::vector<Detail>& details = video->details.at(model);
    const auto found = std::find_if(details.begin(), details.end(), [frame](const Detail& detail) {
        return holds(detail.frames, frame);
    });
    return found == details.end() ? nullptr : &*found;
}

bool VideoWork::isDetailComing(ModelId model, FrameIndex frame) const {
    return std::any_of(in_flight_.begin(), in_flight_.end(), [&](const auto& entry) {
        const Chunk& chunk = entry.second;
        return chunk.keeps_attention && chunk.input == target_->input &&
               brings(chunk, model, {frame});
    });
}

bool VideoWork::isComing() const {
    if (!target_) {
        return true;
    }
    const std::vector<FrameIndex> detailed = detailedFrames();
    return all(target_->models, [&](const VideoTarget::RunModel& model) {
        const std::optional<FrameIndex> own = frameFor(model.id, current_);
        if (own && lacks(model.id, *own) && !isOnTheWay(model.id, {*own})) {
            return false;
        }
        return all(detailed, [&](FrameIndex frame) {
            const std::optional<FrameIndex> place = frameFor(model.id, frame);
            return !place || isUnreadable(*place) || isFailed(model.id, *place) ||
                   detailOf(model.id, *place) != nullptr || isDetailComing(model.id, *place);
        });
    });
}

std::optional<VideoWork::Chunk> VideoWork::detailChunk() const {
    for (const FrameIndex frame : detailedFrames()) {
        for (const Group& group : groups_) {
            const std::optional<FrameIndex> own = ownFrame(group, frame);
            if (!own || isUnreadable(*own)) {
                continue;
            }
            Chunk chunk{
                .input = target_->input,
                .frames = group.plan.is_clip ? group.plan.parts[*partWith(group, *own)]
                                             : std::vector<FrameIndex>{*own},
                .is_clip = group.plan.is_clip,
                .keeps_attention = true};
            std::copy_if(
                group.models.begin(), group.models.end(), std::back_inserter(chunk.models),
                [&](const VideoTarget::RunModel& model) {
                    return !isFailed(model.id, *own) && detailOf(model.id, *own) == nullptr &&
                           !isDetailComing(model.id, *own);
                });
            if (!chunk.models.empty()) {
                return chunk;
            }
        }
    }
    return std::nullopt;
}

} // namespace vitreous
