#include "app/desktop/video_work.h"

#include <algorithm>
#include <utility>

#include "app/desktop/result_cache.h"
#include "core/media/frame_sampling.h"

namespace vitreous {
namespace {

/// One is run, one waits for it prepared, one is being decoded.
constexpr std::size_t most_in_flight = 3;

template <typename Values, typename Predicate>
bool all(const Values& values, Predicate predicate) {
    return std::all_of(values.begin(), values.end(), predicate);
}

} // namespace

VideoWork::VideoWork(JobRunner& runner, QObject* parent)
    : QObject(parent), runner_(runner), limit_(defaultCacheLimit(machineMemory())) {
    connect(&source_, &FrameSource::ready, this, &VideoWork::onReady);
    connect(&source_, &FrameSource::failed, this, &VideoWork::onSourceFailed);
    connect(&runner_, &JobRunner::framesAnalysed, this, &VideoWork::onAnalysed);
    connect(&runner_, &JobRunner::framesFailed, this, &VideoWork::onFailed);
}

void VideoWork::setTarget(std::optional<VideoTarget> target, FrameIndex current) {
    if (target == target_) {
        setCurrent(current);
        return;
    }
    const bool was_busy = isBusy();
    const bool is_other = !target || !target_ || target->input != target_->input ||
                          target->reading != target_->reading;
    const bool is_sampled_otherwise =
        !is_other && (target->sampling != target_->sampling || target->frames != target_->frames);
    if (is_other || is_sampled_otherwise) {
        dropAll();
        is_stopped_ = false;
    }
    if (target && target->frames_apart != frames_apart_) {
        frames_apart_ = target->frames_apart;
        forgetClips();
        is_stopped_ = false;
    }
    target_ = std::move(target);
    current_ = current;
    if (target_) {
        refreshVideo();
    }
    plan();
    if (target_) {
        tidyDetails();
    }
    if (!isComing()) {
        dropWaiting();
    }
    ++version_;
    Q_EMIT changed();
    advance();
    if (was_busy != isBusy()) {
        Q_EMIT busyChanged();
    }
}

void VideoWork::refreshVideo() {
    Video& now = video();
    if (now.reading != target_->reading) {
        now = {};
        now.reading = target_->reading;
    }
    if (now.sampling != target_->sampling || now.frames != target_->frames) {
        // What a clip model says of a frame depends on the others of its clip.
        for (const VideoTarget::RunModel& model : target_->models) {
            if (model.summary->frames > 0) {
                now.results.forget(model.id);
                now.details.erase(model.id);
                now.failed.erase(model.id);
            }
        }
        now.sampling = target_->sampling;
        now.frames = target_->frames;
        ++now.choice;
    }
    if (!target_->keeps_attention) {
        // Nobody looks at it any more.
        dropDetails(now);
    }
}

void VideoWork::forgetClips() {
    for (auto& [input, video] : videos_) {
        for (const ModelId model : clip_models_) {
            video.results.forget(model);
            video.details.erase(model);
            video.failed.erase(model);
        }
    }
    source_.drop();
    std::erase_if(in_flight_, [](const auto& entry) { return !entry.second.is_prepared; });
    std::set<std::uint64_t> numbers;
    for (const auto& [number, chunk] : in_flight_) {
        if (chunk.is_clip) {
            numbers.insert(number);
        }
    }
    runner_.dropFrames(numbers);
    std::erase_if(in_flight_, [](const auto& entry) { return entry.second.is_clip; });
}

void VideoWork::plan() {
    groups_.clear();
    shown_.clear();
    film_.clear();
    if (!target_) {
        return;
    }
    for (const VideoTarget::RunModel& model : target_->models) {
        const int clip_frames = model.summary->frames;
        auto group = std::find_if(groups_.begin(), groups_.end(), [&](const Group& known) {
            return known.clip_frames == clip_frames;
        });
        if (group == groups_.end()) {
            groups_.push_back(
                {clip_frames, {}, planOf(target_->frames, clip_frames, target_->sampling)});
            group = std::prev(groups_.end());
            std::set<FrameIndex> frames;
            for (const std::vector<FrameIndex>& part : group->plan.parts) {
                frames.insert(part.begin(), part.end());
            }
            group->frames.assign(frames.begin(), frames.end());
            for (std::size_t part = 0; part < group->plan.parts.size(); ++part) {
                group->open.insert(group->open.end(), part);
            }
        }
        group->models.push_back(model);
        if (clip_frames > 0) {
            clip_models_.insert(model.id);
        }
        video().results.setWanted(model.id, group->frames, video().choice);
    }
    std::set<FrameIndex> shown;
    for (const Group& group : groups_) {
        shown.insert(group.frames.begin(), group.frames.end());
    }
    if (groups_.empty()) {
        for (const std::vector<FrameIndex>& part :
             planOf(target_->frames, 0, target_->sampling).parts) {
            shown.insert(part.begin(), part.end());
        }
    }
    shown_.assign(shown.begin(), shown.end());
    planFilm();
}

void VideoWork::planFilm() {
    const auto count = std::int64_t(shown_.size());
    const int columns = int(std::min<std::int64_t>(count, target_->film_columns));
    for (const FrameIndex place :
         columns > 0 ? sampledEvenly(count, columns) : std::vector<FrameIndex>()) {
        film_.push_back(shown_[place.value]);
    }
    for (Group& group : groups_) {
        for (const FrameIndex frame : film_) {
            const std::optional<FrameIndex> own = ownFrame(group, frame);
            if (own && !holds(group.film, *own)) {
                group.film.push_back(*own);
            }
        }
    }
}

void VideoWork::setCurrent(FrameIndex frame) {
    if (frame == current_) {
        return;
    }
    current_ = frame;
    // Looking on asks for more.
    is_stopped_ = false;
    if (!target_) {
        return;
    }
    tidyDetails();
    if (!isComing()) {
        dropWaiting();
    }
    advance();
}

void VideoWork::setLookingAhead(bool looks_ahead) {
    if (looks_ahead != looks_ahead_) {
        looks_ahead_ = looks_ahead;
        advance();
    }
}

void VideoWork::cancel() {
    is_stopped_ = is_stopped_ || !in_flight_.empty();
    dropAll();
}

void VideoWork::resume() {
    is_stopped_ = false;
    advance();
}

void VideoWork::forget(ModelId model) {
    for (auto& [input, video] : videos_) {
        video.results.forget(model);
        video.details.erase(model);
        video.failed.erase(model);
        video.undetailed.erase(model);
    }
    clip_models_.erase(model);
    for (auto chunk = in_flight_.begin(); chunk != in_flight_.end();) {
        std::erase_if(
            chunk->second.models, [model](const auto& known) { return known.id == model; });
        chunk = chunk->second.models.empty() ? in_flight_.erase(chunk) : std::next(chunk);
    }
}

void VideoWork::forget(InputId input) {
    if (target_ && target_->input == input) {
        dropAll();
        target_.reset();
        plan();
    }
    videos_.erase(input);
}

const VideoWork::Video* VideoWork::known() const {
    const auto found = target_ ? videos_.find(target_->input) : videos_.end();
    return found == videos_.end() ? nullptr : &found->second;
}

const VideoResults& VideoWork::results() const {
    static const VideoResults none;
    const Video* video = known();
    return video == nullptr ? none : video->results;
}

const VideoWork::Group* VideoWork::groupOf(ModelId model) const {
    for (const Group& group : groups_) {
        if (std::any_of(group.models.begin(), group.models.end(), [model](const auto& known) {
                return known.id == model;
            })) {
            return &group;
        }
    }
    return nullptr;
}

const std::vector<FrameIndex>& VideoWork::framesOf(ModelId model) const {
    static const std::vector<FrameIndex> none;
    const Group* group = groupOf(model);
    return group == nullptr ? none : group->frames;
}

std::optional<FrameIndex> VideoWork::frameFor(ModelId model, FrameIndex frame) const {
    const Group* group = groupOf(model);
    return group == nullptr ? std::nullopt : ownFrame(*group, frame);
}

ClipAttention VideoWork::attentionOf(ModelId model, FrameIndex frame) const {
    const Detail* clip = detailOf(model, frame);
    if (clip == nullptr || !clip->inputs || clip->inputs->times == 0) {
        return {};
    }
    const auto place = std::find(clip->frames.begin(), clip->frames.end(), frame);
    const std::int64_t tubelet = std::int64_t(clip->frames.size()) / clip->inputs->times;
    return {clip->inputs, (place - clip->frames.begin()) / tubelet};
}

std::optional<double> VideoWork::timeOf(FrameIndex frame) const {
    const Video* video = known();
    if (video == nullptr) {
        return std::nullopt;
    }
    const auto found = video->times_secs.find(frame);
    return found == video->times_secs.end() ? std::nullopt : std::optional(found->second);
}

bool VideoWork::isComputed(FrameIndex frame) const {
    return target_ && !target_->models.empty() &&
           all(target_->models, [this, frame](const auto& model) {
               const std::optional<FrameIndex> own = frameFor(model.id, frame);
               return own && results().find(model.id, *own) != nullptr;
           });
}

bool VideoWork::isShowable(FrameIndex frame) const {
    return target_ && all(target_->models, [this, frame](const auto& model) {
               const std::optional<FrameIndex> own = frameFor(model.id, frame);
               const bool is_detailed =
                   !target_->keeps_attention || !own || detailOf(model.id, *own) != nullptr;
               return own && (problemOf(model.id, frame) ||
                              (is_detailed && results().find(model.id, *own) != nullptr));
           });
}

std::size_t VideoWork::countOf(ModelId model) const {
    const std::vector<FrameIndex>& frames = framesOf(model);
    const auto& known = results().frames(model);
    std::size_t count = 0;
    auto frame = frames.begin();
    for (auto entry = known.begin(); entry != known.end() && frame != frames.end(); ++entry) {
        while (frame != frames.end() && *frame < entry->first) {
            ++frame;
        }
        count += frame != frames.end() && *frame == entry->first ? 1 : 0;
    }
    return count;
}

bool VideoWork::hasAllFrames(ModelId model) const {
    const std::size_t count = framesOf(model).size();
    return results().frames(model).size() >= count && countOf(model) == count;
}

std::optional<Failure> VideoWork::problemOf(ModelId model, FrameIndex frame) const {
    const Video* video = known();
    const std::optional<FrameIndex> own = frameFor(model, frame);
    if (video == nullptr || !own || results().find(model, *own) != nullptr) {
        return std::nullopt;
    }
    const auto failed = video->failed.find(model);
    if (failed != video->failed.end() && failed->second.contains(*own)) {
        return failed->second.at(*own);
    }
    return video->unreadable.contains(*own)
               ? Failure{ErrorCode::Input, tr("this frame cannot be read")}
               : video->broken;
}

std::vector<Failure> VideoWork::failures() const {
    std::vector<Failure> failures;
    for (const auto& [input, video] : videos_) {
        for (const auto& [model, failed] : video.failed) {
            if (!failed.empty()) {
                failures.push_back(failed.begin()->second);
            }
        }
        if (video.broken) {
            failures.push_back(*video.broken);
        }
    }
    return failures;
}

QString VideoWork::loss() const {
    const Video* video = known();
    return video == nullptr ? QString() : video->loss;
}

double VideoWork::fraction() const {
    std::size_t wanted = 0;
    std::size_t done = 0;
    for (const Group& group : groups_) {
        for (const VideoTarget::RunModel& model : group.models) {
            wanted += group.frames.size();
            done += countOf(model.id);
        }
    }
    return wanted == 0 ? 0.0 : std::min(1.0, double(done) / double(wanted));
}

bool VideoWork::brings(const Chunk& chunk, ModelId model, const std::vector<FrameIndex>& frames) {
    const bool has_model =
        std::any_of(chunk.models.begin(), chunk.models.end(), [model](const auto& known) {
            return known.id == model;
        });
    return has_model &&
           all(frames, [&chunk](FrameIndex frame) { return holds(chunk.frames, frame); });
}

bool VideoWork::isOnTheWay(ModelId model, const std::vector<FrameIndex>& frames) const {
    return std::any_of(in_flight_.begin(), in_flight_.end(), [&](const auto& entry) {
        return entry.second.input == target_->input && brings(entry.second, model, frames);
    });
}

void VideoWork::advance() {
    const bool was_busy = isBusy();
    const bool can_go_on = target_ && !is_stopped_ && !(known() && known()->broken);
    while (can_go_on && in_flight_.size() < most_in_flight) {
        std::optional<Chunk> chunk = detailChunk();
        if (!chunk) {
            chunk = nextChunk();
        }
        if (!chunk) {
            break;
        }
        start(std::move(*chunk));
    }
    if (was_busy != isBusy()) {
        Q_EMIT busyChanged();
    }
}

void VideoWork::start(Chunk chunk) {
    for (const VideoTarget::RunModel& model : chunk.models) {
        const PreprocessSpec& spec = model.summary->preprocess;
        if (std::find(chunk.specs.begin(), chunk.specs.end(), spec) == chunk.specs.end()) {
            chunk.specs.push_back(spec);
        }
    }
    const std::uint64_t number = next_number_++;
    source_.want(
        {number, target_->path, target_->reading, chunk.frames, chunk.is_clip, chunk.specs});
    in_flight_.emplace(number, std::move(chunk));
}

void VideoWork::dropWaiting() {
    source_.drop();
    std::erase_if(in_flight_, [](const auto& entry) { return !entry.second.is_prepared; });
    for (const auto& [number, model] : runner_.dropWaitingFrames()) {
        settle(number, model);
    }
}

void VideoWork::dropAll() {
    const bool was_busy = isBusy();
    source_.leave();
    runner_.dropFrames();
    in_flight_.clear();
    if (was_busy) {
        Q_EMIT busyChanged();
    }
}

void VideoWork::settle(std::uint64_t number, ModelId model) {
    const auto chunk = in_flight_.find(number);
    if (chunk == in_flight_.end()) {
        return;
    }
    std::erase_if(chunk->second.models, [model](const auto& known) { return known.id == model; });
    if (chunk->second.models.empty()) {
        in_flight_.erase(chunk);
    }
}

} // namespace vitreous
