#include "app/desktop/video_work.h"

#include <algorithm>
#include <utility>

#include "app/desktop/result_cache.h"

namespace vitreous {
namespace {

/// One is run, one waits for it prepared, one is being decoded.
constexpr std::size_t most_in_flight = 3;

template <typename Values, typename Predicate>
bool all(const Values& values, Predicate predicate) {
    return std::all_of(values.begin(), values.end(), predicate);
}

bool holds(const std::vector<FrameIndex>& frames, FrameIndex frame) {
    return std::find(frames.begin(), frames.end(), frame) != frames.end();
}

ResultPointer withoutAttention(const AnalysisResult& result) {
    AnalysisResult light = result;
    light.attention_inputs = nullptr;
    return std::make_shared<const AnalysisResult>(std::move(light));
}

} // namespace

VideoWork::VideoWork(JobRunner& runner, QObject* parent)
    : QObject(parent), runner_(runner), limit_(defaultCacheLimit(machineMemory())) {
    connect(&source_, &FrameSource::ready, this, &VideoWork::onReady);
    connect(
        &source_, &FrameSource::failed, this, [this](std::uint64_t number, const Failure& failure) {
            const auto chunk = in_flight_.find(number);
            if (chunk != in_flight_.end()) {
                const InputId input = chunk->second.input;
                in_flight_.erase(chunk);
                is_stopped_ = true;
                dropAll();
                Q_EMIT inputFailed(input, failure);
                Q_EMIT busyChanged();
            }
        });
    connect(&runner_, &JobRunner::framesAnalysed, this, &VideoWork::onAnalysed);
    connect(&runner_, &JobRunner::framesFailed, this, &VideoWork::onFailed);
}

void VideoWork::setTarget(std::optional<VideoTarget> target) {
    if (target == target_) {
        advance();
        return;
    }
    const bool is_centred_otherwise = target && target->frames_apart != frames_apart_;
    const bool is_other = !target || !target_ || target->input != target_->input ||
                          target->reading != target_->reading || is_centred_otherwise;
    const bool is_sampled_otherwise =
        !is_other && (target->sampling != target_->sampling || target->frames != target_->frames);
    if (is_other || is_sampled_otherwise) {
        dropAll();
    }
    if (is_centred_otherwise) {
        videos_.clear();
        frames_apart_ = target->frames_apart;
    }
    if (is_other) {
        is_stopped_ = false;
    }
    target_ = std::move(target);
    if (target_) {
        Video& now = video();
        if (now.reading != target_->reading) {
            now = {};
            now.reading = target_->reading;
        }
        if (is_sampled_otherwise) {
            // What a clip model says of a frame depends on the others of its clip.
            for (const VideoTarget::RunModel& model : target_->models) {
                if (model.summary->frames > 0) {
                    now.results.forget(model.id);
                    now.clips.erase(model.id);
                }
            }
        }
    }
    plan();
    ++version_;
    Q_EMIT changed();
    advance();
}

void VideoWork::plan() {
    groups_.clear();
    shown_.clear();
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
                {clip_frames, {}, planOf(target_->frames, clip_frames, target_->sampling), {}});
            group = std::prev(groups_.end());
            std::set<FrameIndex> frames;
            for (const std::vector<FrameIndex>& part : group->plan.parts) {
                frames.insert(part.begin(), part.end());
            }
            group->frames.assign(frames.begin(), frames.end());
        }
        group->models.push_back(model);
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
}

void VideoWork::setCurrent(FrameIndex frame) {
    if (frame == current_) {
        return;
    }
    current_ = frame;
    if (!target_) {
        return;
    }
    const bool is_on_its_way = all(target_->models, [this, frame](const auto& model) {
        const std::optional<FrameIndex> own = frameFor(model.id, frame);
        return !own || results().find(model.id, *own) != nullptr || isOnTheWay(model.id, {*own});
    });
    if (!is_on_its_way) {
        dropWaiting();
    }
    advance();
}

void VideoWork::setLimit(std::uint64_t bytes) {
    limit_ = bytes;
    makeRoom();
    advance();
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
        video.detailed.erase(model);
        video.clips.erase(model);
    }
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
    const std::vector<FrameIndex>& frames = framesOf(model);
    if (frames.empty()) {
        return std::nullopt;
    }
    const auto behind = std::upper_bound(frames.begin(), frames.end(), frame);
    return behind == frames.begin() ? frames.front() : *std::prev(behind);
}

FrameIndex VideoWork::last() const {
    return shown_.empty() ? FrameIndex{} : shown_.back();
}

ClipAttention VideoWork::attentionOf(ModelId model, FrameIndex frame) const {
    const Video* video = known();
    if (video == nullptr || !video->clips.contains(model)) {
        return {};
    }
    const DetailedClip& clip = video->clips.at(model);
    const auto place = std::find(clip.frames.begin(), clip.frames.end(), frame);
    if (!clip.inputs || place == clip.frames.end() || clip.inputs->times == 0) {
        return {};
    }
    const std::int64_t tubelet = std::int64_t(clip.frames.size()) / clip.inputs->times;
    return {clip.inputs, (place - clip.frames.begin()) / tubelet};
}

double VideoWork::timeOf(FrameIndex frame, double frames_per_second) const {
    const Video* video = known();
    if (video != nullptr) {
        const auto found = video->times_secs.find(frame);
        if (found != video->times_secs.end()) {
            return found->second;
        }
    }
    return frames_per_second > 0.0 ? double(frame.value) / frames_per_second : 0.0;
}

bool VideoWork::isComputed(FrameIndex frame) const {
    return target_ && !target_->models.empty() &&
           all(target_->models, [this, frame](const auto& model) {
               const std::optional<FrameIndex> own = frameFor(model.id, frame);
               return own && results().find(model.id, *own) != nullptr;
           });
}

std::uint64_t VideoWork::bytes() const {
    std::uint64_t bytes = 0;
    for (const auto& [input, video] : videos_) {
        bytes += video.results.bytes();
        for (const auto& [model, clip] : video.clips) {
            bytes += clip.inputs ? clip.inputs->bytes() : 0;
        }
    }
    return bytes;
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
            done += results().frames(model.id).size();
        }
    }
    return wanted == 0 ? 0.0 : std::min(1.0, double(done) / double(wanted));
}

std::size_t VideoWork::capacity() const {
    const std::uint64_t each = results().frameBytes();
    // What is on its way has to find room too.
    return each == 0 ? shown_.size() + 1 : std::max<std::size_t>(16, limit_ / each * 9 / 10);
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

std::vector<VideoTarget::RunModel> VideoWork::lacking(
    const Group& group,
    const std::vector<FrameIndex>& frames) const {
    std::vector<VideoTarget::RunModel> models;
    const Video* video = known();
    for (const VideoTarget::RunModel& model : group.models) {
        const bool lacks = std::any_of(frames.begin(), frames.end(), [&](FrameIndex frame) {
            const bool is_lost = video != nullptr && video->unreadable.contains(frame);
            return !is_lost && results().find(model.id, frame) == nullptr;
        });
        if (lacks && !isOnTheWay(model.id, frames)) {
            models.push_back(model);
        }
    }
    return models;
}

std::optional<VideoWork::Chunk> VideoWork::nextChunk() const {
    std::optional<Chunk> next;
    std::size_t next_turn = capacity();
    for (const Group& group : groups_) {
        for (const std::vector<FrameIndex>& part : group.plan.parts) {
            std::size_t turn = next_turn;
            for (const FrameIndex frame : part) {
                turn = std::min(turn, turnOf(frame, current_, last()));
            }
            // Of a clip model the frame that is shown may lie before the one that is looked at.
            const auto own = frameFor(group.models.front().id, current_);
            if (own && std::find(part.begin(), part.end(), *own) != part.end()) {
                turn = 0;
            }
            if (turn >= next_turn) {
                continue;
            }
            std::vector<VideoTarget::RunModel> models = lacking(group, part);
            if (!models.empty()) {
                next = Chunk{
                    .input = target_->input,
                    .frames = part,
                    .is_clip = group.plan.is_clip,
                    .models = std::move(models)};
                next_turn = turn;
            }
        }
    }
    return next;
}

std::optional<VideoWork::Chunk> VideoWork::detailChunk() const {
    if (!target_->keeps_attention) {
        return std::nullopt;
    }
    for (const Group& group : groups_) {
        const std::optional<FrameIndex> own = frameFor(group.models.front().id, current_);
        std::vector<VideoTarget::RunModel> models;
        for (const VideoTarget::RunModel& model : group.models) {
            const FrameMaps* maps = own ? results().find(model.id, *own) : nullptr;
            if (!own) {
                continue;
            }
            const bool lacks = maps == nullptr || (!maps->result->attention_inputs &&
                                                   !attentionOf(model.id, *own).inputs);
            const bool is_asked_for =
                std::any_of(in_flight_.begin(), in_flight_.end(), [&](const auto& entry) {
                    return entry.second.keeps_attention && brings(entry.second, model.id, {*own});
                });
            const Video* video = known();
            const bool was_asked_for =
                video != nullptr &&
                (group.plan.is_clip
                     ? video->clips.contains(model.id) &&
                           holds(video->clips.at(model.id).frames, *own)
                     : video->detailed.contains(model.id) && video->detailed.at(model.id) == *own);
            if (lacks && !is_asked_for && !was_asked_for) {
                models.push_back(model);
            }
        }
        if (models.empty()) {
            continue;
        }
        std::vector<FrameIndex> frames = {*own};
        if (group.plan.is_clip) {
            for (const std::vector<FrameIndex>& part : group.plan.parts) {
                if (std::find(part.begin(), part.end(), *own) != part.end()) {
                    frames = part;
                }
            }
        }
        return Chunk{
            .input = target_->input,
            .frames = std::move(frames),
            .is_clip = group.plan.is_clip,
            .keeps_attention = true,
            .models = std::move(models)};
    }
    return std::nullopt;
}

void VideoWork::advance() {
    const bool was_busy = isBusy();
    while (target_ && !is_stopped_ && in_flight_.size() < most_in_flight) {
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
    source_.drop();
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

void VideoWork::onReady(const FramesReady& frames) {
    const auto found = in_flight_.find(frames.number);
    if (found == in_flight_.end()) {
        return;
    }
    Chunk& chunk = found->second;
    Video& of = videos_[chunk.input];
    for (std::size_t i = 0; i < frames.frames.size(); ++i) {
        of.times_secs[frames.frames[i]] = frames.times_secs[i];
    }
    for (const FrameIndex frame : chunk.frames) {
        if (std::find(frames.frames.begin(), frames.frames.end(), frame) == frames.frames.end()) {
            of.unreadable.insert(frame);
        }
    }
    const InputId input = chunk.input;
    const bool is_empty = frames.frames.empty() || (chunk.is_clip && frames.prepared[0]->empty());
    const double count = std::max<double>(1.0, double(frames.frames.size()));
    chunk.decode_ms = frames.decode_ms / count;
    chunk.prepare_ms = frames.prepare_ms / count;
    chunk.is_prepared = true;
    if (is_empty) {
        const std::vector<VideoTarget::RunModel> models = chunk.models;
        const bool is_clip = chunk.is_clip;
        in_flight_.erase(found);
        // Where the count is news, the clip is chosen anew.
        const bool is_news = frames.counted >= 0 && target_ && frames.counted != target_->frames;
        if (is_clip && !is_news) {
            for (const VideoTarget::RunModel& model : models) {
                Q_EMIT modelFailed(
                    model.id, input,
                    {ErrorCode::Input, tr("Frames of the clip cannot be read: %1")
                                           .arg(QString::fromStdString(frames.loss))});
            }
        }
    } else {
        chunk.frames = frames.frames;
        const Chunk sent = chunk;
        for (const VideoTarget::RunModel& model : sent.models) {
            const auto spec =
                std::find(sent.specs.begin(), sent.specs.end(), model.summary->preprocess);
            AnalysisOptions options;
            options.keep_attention = sent.keeps_attention;
            options.frames_apart = target_ && target_->frames_apart;
            runner_.analyzeFrames(
                {frames.number, model.id, sent.frames, sent.is_clip,
                 frames.prepared[std::size_t(spec - sent.specs.begin())], options});
        }
    }
    const QString loss = QString::fromStdString(frames.loss);
    if (loss != of.loss) {
        of.loss = loss;
        Q_EMIT lost(input, loss);
    }
    if (frames.counted >= 0) {
        Q_EMIT counted(input, frames.counted);
    }
    advance();
}

void VideoWork::onAnalysed(const FramesAnalysis& analysis) {
    const auto found = in_flight_.find(analysis.number);
    if (found == in_flight_.end()) {
        return;
    }
    const Chunk chunk = found->second;
    Video& of = videos_[chunk.input];
    for (std::size_t i = 0; i < analysis.frames.size(); ++i) {
        StageTimes times;
        times.decode_ms = chunk.decode_ms;
        times.preprocess_ms = chunk.prepare_ms;
        of.results.add(analysis.model, analysis.frames[i], {analysis.results[i], times});
    }
    if (chunk.keeps_attention && chunk.is_clip) {
        of.clips[analysis.model] = {chunk.frames, analysis.clip_attention};
    } else if (chunk.keeps_attention) {
        const auto before = of.detailed.find(analysis.model);
        const bool is_same =
            before != of.detailed.end() &&
            std::find(analysis.frames.begin(), analysis.frames.end(), before->second) !=
                analysis.frames.end();
        if (before != of.detailed.end() && !is_same) {
            if (const FrameMaps* maps = of.results.find(analysis.model, before->second)) {
                FrameMaps light = *maps;
                light.result = withoutAttention(*light.result);
                of.results.add(analysis.model, before->second, light);
            }
        }
        of.detailed[analysis.model] = analysis.frames.front();
    } else if (
        of.detailed.contains(analysis.model) &&
        holds(analysis.frames, of.detailed.at(analysis.model))) {
        // Computed anew without its queries and keys.
        of.detailed.erase(analysis.model);
    }
    ++version_;
    settle(analysis.number, analysis.model);
    makeRoom();
    const bool is_idle = !isBusy();
    advance();
    Q_EMIT changed();
    if (is_idle || !isBusy()) {
        Q_EMIT busyChanged();
    }
}

void VideoWork::onFailed(std::uint64_t number, ModelId model, const Failure& failure) {
    const auto found = in_flight_.find(number);
    if (found == in_flight_.end()) {
        return;
    }
    const InputId input = found->second.input;
    settle(number, model);
    Q_EMIT modelFailed(model, input, failure);
    advance();
    Q_EMIT busyChanged();
}

void VideoWork::makeRoom() {
    if (!target_) {
        return;
    }
    while (bytes() > limit_ && videos_.size() > 1) {
        videos_.erase(
            videos_.begin()->first == target_->input ? std::next(videos_.begin())
                                                     : videos_.begin());
    }
    video().results.keepWithin(limit_, current_, last());
}

} // namespace vitreous
