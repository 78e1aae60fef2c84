// What comes back of the frames that a video's work asked for.

#include <algorithm>

#include "app/desktop/video_work.h"

namespace vitreous {

void VideoWork::onSourceFailed(std::uint64_t number, const Failure& failure) {
    const auto chunk = in_flight_.find(number);
    if (chunk == in_flight_.end()) {
        return;
    }
    const InputId input = chunk->second.input;
    in_flight_.erase(chunk);
    is_stopped_ = true;
    dropAll();
    Q_EMIT inputFailed(input, failure);
    Q_EMIT busyChanged();
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
        if (!holds(frames.frames, frame)) {
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
    StageTimes times;
    times.decode_ms = chunk.decode_ms;
    times.preprocess_ms = chunk.prepare_ms;
    // Of a frame that a short video's clip holds more than once, the first one counts.
    for (std::size_t i = analysis.frames.size(); i-- > 0;) {
        of.results.add(analysis.model, analysis.frames[i], {analysis.results[i], times});
    }
    if (chunk.keeps_attention && chunk.is_clip) {
        of.clips[analysis.model] = {chunk.frames, analysis.clip_attention};
    } else if (chunk.keeps_attention) {
        const auto before = of.detailed.find(analysis.model);
        if (before != of.detailed.end() && !holds(analysis.frames, before->second)) {
            lighten(of, analysis.model, before->second);
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
    const Chunk chunk = found->second;
    const InputId input = chunk.input;
    settle(number, model);
    if (chunk.keeps_attention && target_ && results().find(model, chunk.frames.front())) {
        // The maps are there; what one token attends to is not.
        video().detailed[model] = chunk.frames.front();
        if (chunk.is_clip) {
            video().clips[model] = {chunk.frames, nullptr};
        }
        Q_EMIT noticed(failure);
    } else {
        Q_EMIT modelFailed(model, input, failure);
    }
    advance();
    Q_EMIT busyChanged();
}

} // namespace vitreous
