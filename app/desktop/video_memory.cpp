// What of videos stays in memory.

#include <algorithm>
#include <utility>

#include "app/desktop/video_work.h"

namespace vitreous {
namespace {

ResultPointer withoutAttention(const AnalysisResult& result) {
    AnalysisResult light = result;
    light.attention_inputs = nullptr;
    return std::make_shared<const AnalysisResult>(std::move(light));
}

} // namespace

void VideoWork::lighten(Video& video, ModelId model, FrameIndex frame) {
    const FrameMaps* maps = video.results.find(model, frame);
    if (maps != nullptr && maps->result->attention_inputs) {
        FrameMaps light = *maps;
        light.result = withoutAttention(*light.result);
        video.results.add(model, frame, light);
    }
}

void VideoWork::dropDetails(Video& video) {
    for (const auto& [model, details] : video.details) {
        for (const Detail& detail : details) {
            lighten(video, model, detail.frames.front());
        }
    }
    video.details.clear();
}

void VideoWork::tidyDetails() {
    Video& now = video();
    const std::vector<FrameIndex> wanted = detailedFrames();
    for (auto& [model, details] : now.details) {
        std::erase_if(details, [&, id = model](const Detail& detail) {
            const bool stays = std::any_of(wanted.begin(), wanted.end(), [&](FrameIndex frame) {
                const std::optional<FrameIndex> own = frameFor(id, frame);
                return own && holds(detail.frames, *own);
            });
            if (!stays) {
                lighten(now, id, detail.frames.front());
            }
            return !stays;
        });
    }
}

std::uint64_t VideoWork::clipBytes() const {
    std::uint64_t bytes = 0;
    for (const auto& [input, video] : videos_) {
        for (const auto& [model, details] : video.details) {
            for (const Detail& detail : details) {
                bytes += detail.inputs ? detail.inputs->bytes() : 0;
            }
        }
    }
    return bytes;
}

std::uint64_t VideoWork::bytes() const {
    std::uint64_t bytes = clipBytes();
    for (const auto& [input, video] : videos_) {
        bytes += video.results.bytes();
    }
    return bytes;
}

std::size_t VideoWork::capacity() const {
    const std::uint64_t each = results().frameBytes();
    const std::uint64_t others = clipBytes() + results().attentionBytes();
    // What is on its way has to find room too.
    const std::uint64_t room = (limit_ - std::min(limit_, others)) / 10 * 9;
    if (each == 0) {
        return shown_.size() + film_.size() + 1;
    }
    // What goes through a model together with the current frame is kept too, wherever it lies.
    std::uint64_t kept = 0;
    for (const Group& group : groups_) {
        kept = std::max<std::uint64_t>(kept, currentPart(group).size());
    }
    const std::uint64_t places = room / each;
    return std::size_t(std::max<std::uint64_t>(1, places - std::min(places, kept)));
}

void VideoWork::setLimit(std::uint64_t bytes) {
    if (bytes == limit_) {
        return;
    }
    limit_ = bytes;
    const bool has_lost = makeRoom();
    if (has_lost) {
        ++version_;
    }
    advance();
    if (has_lost) {
        Q_EMIT changed();
    }
}

bool VideoWork::makeRoomOfOthers() {
    bool has_lost = false;
    for (auto& [input, other] : videos_) {
        if ((target_ && input == target_->input) || bytes() <= limit_) {
            continue;
        }
        dropDetails(other);
        const std::uint64_t excess = bytes() - std::min(bytes(), limit_);
        const std::uint64_t own = other.results.bytes();
        const auto gone = other.results.keepWithin(
            own - std::min(own, excess), FrameIndex{0}, [](ModelId, FrameIndex) { return false; });
        has_lost = has_lost || !gone.empty();
    }
    return has_lost;
}

bool VideoWork::makeRoom() {
    bool has_lost = makeRoomOfOthers();
    if (!target_ || bytes() <= limit_) {
        return has_lost;
    }
    // What goes through the model together would have to be computed together again.
    std::map<ModelId, std::pair<Group*, std::vector<FrameIndex>>> parts;
    for (Group& group : groups_) {
        for (const VideoTarget::RunModel& model : group.models) {
            parts[model.id] = {&group, currentPart(group)};
        }
    }
    const auto isInPart = [&parts](ModelId model, FrameIndex frame) {
        return parts.contains(model) && holds(parts[model].second, frame);
    };
    const auto isInFilm = [&parts](ModelId model, FrameIndex frame) {
        return parts.contains(model) && holds(parts[model].first->film, frame);
    };
    const std::uint64_t others = bytes() - video().results.bytes();
    const std::uint64_t room = limit_ - std::min(limit_, others);
    const FrameIndex first = shown_.empty() ? current_ : shown_[placeOf(shown_, current_)];
    auto gone = video().results.keepWithin(room, first, [&](ModelId model, FrameIndex frame) {
        return isInPart(model, frame) || isInFilm(model, frame);
    });
    const auto gone_of_film = video().results.keepWithin(room, first, isInPart);
    gone.insert(gone.end(), gone_of_film.begin(), gone_of_film.end());
    for (const auto& [model, frame] : gone) {
        std::erase_if(video().details[model], [frame = frame](const Detail& detail) {
            return !detail.is_clip && detail.frames.front() == frame;
        });
        if (parts.contains(model)) {
            Group& group = *parts[model].first;
            if (const std::optional<std::size_t> part = partWith(group, frame)) {
                group.open.insert(*part);
            }
        }
    }
    return has_lost || !gone.empty();
}

} // namespace vitreous
