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
    dropAll();
    Video& of = videos_[input];
    if (of.results.bytes() == 0) {
        is_stopped_ = true;
        Q_EMIT inputFailed(input, failure);
    } else {
        // What was readable is shown on.
        of.broken = failure;
        ++version_;
        Q_EMIT noticed(
            {failure.code, tr("no more of the video can be read: %1").arg(failure.message)});
        Q_EMIT changed();
    }
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
        const Chunk lost = chunk;
        in_flight_.erase(found);
        // Where the count is news, the clip is chosen anew.
        const bool is_news = frames.counted >= 0 && target_ && frames.counted != target_->frames;
        if (lost.is_clip && !is_news) {
            for (const VideoTarget::RunModel& model : lost.models) {
                giveUp(
                    lost, model.id,
                    {ErrorCode::Input, tr("frames of the clip cannot be read: %1")
                                           .arg(QString::fromStdString(frames.loss))});
            }
        }
    } else {
        chunk.frames = frames.frames;
        run(Chunk(chunk), frames);
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

void VideoWork::run(const Chunk& chunk, const FramesReady& frames) {
    for (const VideoTarget::RunModel& model : chunk.models) {
        const auto spec =
            std::find(chunk.specs.begin(), chunk.specs.end(), model.summary->preprocess);
        AnalysisOptions options;
        options.keep_attention = chunk.keeps_attention;
        options.frames_apart = frames_apart_;
        runner_.analyzeFrames(
            {frames.number, model.id, chunk.frames, chunk.is_clip,
             frames.prepared[std::size_t(spec - chunk.specs.begin())], options});
    }
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
        const FrameIndex frame = analysis.frames[i];
        const FrameMaps* before = of.results.find(analysis.model, frame);
        of.failed[analysis.model].erase(frame);
        // The same maps, with queries and keys, may have come before.
        if (chunk.keeps_attention || before == nullptr || !before->result->attention_inputs) {
            of.results.add(analysis.model, frame, {analysis.results[i], times});
        }
    }
    if (chunk.keeps_attention) {
        of.details[analysis.model].push_back(
            {chunk.frames, chunk.is_clip, analysis.clip_attention});
        tidyDetails();
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
    Video& of = videos_[chunk.input];
    settle(number, model);
    if (chunk.keeps_attention) {
        // The maps may be there or come still; what one token attends to will not.
        of.details[model].push_back({chunk.frames, chunk.is_clip});
        tidyDetails();
        if (of.undetailed.insert(model).second) {
            Q_EMIT noticed(failure);
        }
    } else if (of.results.frames(model).empty()) {
        Q_EMIT modelFailed(model, chunk.input, failure);
    } else {
        giveUp(chunk, model, failure);
    }
    advance();
    Q_EMIT changed();
    Q_EMIT busyChanged();
}

void VideoWork::giveUp(const Chunk& chunk, ModelId model, const Failure& failure) {
    auto& failed = videos_[chunk.input].failed[model];
    const bool is_first = failed.empty();
    for (const FrameIndex frame : chunk.frames) {
        if (videos_[chunk.input].results.find(model, frame) == nullptr) {
            failed[frame] = failure;
        }
    }
    ++version_;
    if (is_first) {
        Q_EMIT framesFailed(model, chunk.input, failure);
    }
}

} // namespace vitreous
