// The current input where it is a video.

#include <algorithm>

#include "app/desktop/session.h"
#include "widgets/cell_values.h"
#include "widgets/playback.h"

namespace vitreous {
namespace {

/// Frames that go through a model at once: few, so that the frame that is looked at is not waited
/// for.
constexpr int batch_frames = 4;

} // namespace

bool Session::isVideo(const InputItem& input) {
    return input.video || kindOfInput(input.path) == InputKind::Video;
}

const InputItem* Session::video() const {
    const InputItem* input = current();
    return input != nullptr && input->video && !input->failure ? input : nullptr;
}

void Session::connectVideo() {
    connect(&video_, &VideoWork::changed, this, [this] {
        if (video() != nullptr && video_.isBusy()) {
            Q_EMIT progressChanged(tr("Computing the maps of the video"), video_.fraction());
        }
        updatePredictions();
        shareMemory();
        Q_EMIT cacheChanged();
        Q_EMIT videoChanged();
        Q_EMIT rowsChanged();
    });
    connect(&video_, &VideoWork::busyChanged, this, &Session::checkIdle);
    connect(
        &video_, &VideoWork::modelFailed, this,
        [this](ModelId model, InputId input, const Failure& failure) {
            onAnalysisFailed(model, input, failure);
            updateVideo();
        });
    connect(
        &video_, &VideoWork::framesFailed, this,
        [this](ModelId model, InputId, const Failure& failure) {
            if (const ModelItem* item = models_.find(model)) {
                Q_EMIT noticed(
                    tr("%1 has no maps of some frames: %2")
                        .arg(QString::fromStdString(item->spec.label), failure.message),
                    true);
            }
        });
    connect(&video_, &VideoWork::noticed, this, [this](const Failure& failure) {
        Q_EMIT noticed(asSentence(failure.message), true);
    });
    connect(&video_, &VideoWork::inputFailed, this, &Session::onInputFailed);
    connect(&video_, &VideoWork::lost, this, [this](InputId input, const QString& text) {
        const InputItem* item = inputs_.find(input);
        if (item != nullptr && !text.isEmpty()) {
            Q_EMIT noticed(tr("%1: %2").arg(pathText(item->path.filename()), text), true);
        }
    });
    connect(&video_, &VideoWork::counted, this, [this](InputId input, qint64 frames) {
        const InputItem* known = inputs_.find(input);
        if (known == nullptr || !known->video ||
            (known->video->is_exact && known->video->frames == frames)) {
            return;
        }
        inputs_.update(input, [frames](InputItem& item) {
            item.video->frames = frames;
            item.video->is_exact = true;
        });
        updateVideo();
    });
}

void Session::updateVideo() {
    const InputItem* item = video();
    if (item == nullptr) {
        video_.setTarget(std::nullopt, frame());
        shareMemory();
        return;
    }
    VideoTarget target;
    target.input = item->id;
    target.path = item->path;
    target.reading = reading_;
    target.frames = item->video->frames;
    target.sampling.every = std::max(1, view_.video.every);
    target.sampling.windows = view_.video.windows;
    target.sampling.batch = batch_frames;
    target.frames_apart = view_.video.frames_apart;
    target.keeps_attention = hasTokenQuery(view_) &&
                             (view_.map == MapKind::ClsAttention || view_.kind == GridKind::Heads);
    target.film_columns = view_.kind == GridKind::Filmstrip ? std::max(1, view_.video.columns) : 0;
    for (const ModelItem& model : models_.items()) {
        if (model.state == ModelItem::State::Ready && misfitOf(model, *item).isEmpty() &&
            results_.failure(model.id, item->id) == nullptr) {
            target.models.push_back({model.id, model.loaded.summary});
        }
    }
    video_.setTarget(std::move(target), frame());
    shareMemory();
}

void Session::shareMemory() {
    const std::uint64_t limit = results_.limit();
    const auto without = [limit](std::uint64_t taken) { return limit - std::min(limit, taken); };
    // Half of it is there for what is looked at, whatever the other has taken before.
    if (video() != nullptr) {
        video_.setLimit(std::max(limit / 2, without(results_.bytes())));
        results_.setRoom(without(video_.bytes()));
    } else {
        results_.setRoom(std::max(limit / 2, without(video_.bytes())));
        video_.setLimit(without(results_.bytes()));
    }
}

ResultPointer Session::shownResult(ModelId id) const {
    const InputItem* input = current();
    if (input == nullptr) {
        return nullptr;
    }
    if (!isVideo(*input)) {
        const Analysis* analysis = results_.find(id, input->id);
        return analysis == nullptr ? nullptr : analysis->result;
    }
    const std::optional<FrameIndex> own = video_.frameFor(id, frame());
    const FrameMaps* maps = own ? video_.results().find(id, *own) : nullptr;
    return maps == nullptr ? nullptr : maps->result;
}

bool Session::setFrameOf(GridRow& row, const ModelItem& item) const {
    row.extents = video_.results().extents(item.id);
    row.has_all_frames = video_.hasAllFrames(item.id);
    if (view_.kind == GridKind::Filmstrip) {
        row.film = filmOf(item.id);
    }
    const std::optional<FrameIndex> own = video_.frameFor(item.id, frame());
    const FrameMaps* maps = own ? video_.results().find(item.id, *own) : nullptr;
    if (maps == nullptr) {
        return false;
    }
    row.result = maps->result;
    row.attention = attentionOf(maps->result, video_.attentionOf(item.id, *own));
    row.times = maps->times;
    return true;
}

std::vector<FilmFrame> Session::filmOf(ModelId id) const {
    std::vector<FilmFrame> film;
    for (const FrameIndex frame : video_.film()) {
        const std::optional<FrameIndex> own = video_.frameFor(id, frame);
        const FrameMaps* maps = own ? video_.results().find(id, *own) : nullptr;
        FilmFrame entry;
        entry.frame = frame.value;
        entry.time_secs = timeOf(frame);
        entry.result = maps == nullptr ? nullptr : maps->result;
        entry.is_current = frame == this->frame();
        film.push_back(std::move(entry));
    }
    return film;
}

FrameIndex Session::shownFrame() const {
    const std::vector<FrameIndex>& frames = video_.frames();
    const auto behind = std::upper_bound(frames.begin(), frames.end(), frame());
    return behind == frames.begin() ? frame() : *std::prev(behind);
}

double Session::timeOf(FrameIndex frame) const {
    const InputItem* item = video();
    if (item == nullptr) {
        return 0.0;
    }
    if (const std::optional<double> as_read = video_.timeOf(frame)) {
        return *as_read;
    }
    if (item->times_secs && frame.value < item->times_secs->size()) {
        return (*item->times_secs)[frame.value];
    }
    const double rate = item->video->frames_per_second;
    return rate > 0.0 ? double(frame.value) / rate : 0.0;
}

std::vector<double> Session::timesOf(const std::vector<FrameIndex>& frames) const {
    std::vector<double> times_secs;
    times_secs.reserve(frames.size());
    for (const FrameIndex frame : frames) {
        // Of a damaged file frames may be shown later than the container has it.
        const double before = times_secs.empty() ? 0.0 : times_secs.back();
        times_secs.push_back(std::max(timeOf(frame), before));
    }
    return times_secs;
}

FrameIndex Session::frameAt(double time_secs) const {
    const std::vector<FrameIndex>& frames = video_.frames();
    return frames.empty() ? frame() : frames[positionAt(timesOf(frames), time_secs)];
}

void Session::setFrame(FrameIndex frame, ViewChange change) {
    ViewState view = view_;
    view.video.frame = frame.value;
    setView(view, change);
    updatePredictions();
}

void Session::playFrame(FrameIndex frame) {
    ViewState view = view_;
    view.video.frame = frame.value;
    applyView(view);
    updatePredictions();
}

void Session::setPlaying(bool is_playing) {
    const bool plays = is_playing && video() != nullptr;
    if (plays != is_playing_) {
        is_playing_ = plays;
        video_.setLookingAhead(plays);
        Q_EMIT playingChanged();
    }
}

void Session::setCacheLimit(std::uint64_t bytes) {
    results_.setLimit(bytes);
    shareMemory();
    Q_EMIT cacheChanged();
}

std::uint64_t Session::resultBytes() const {
    return results_.bytes() + video_.bytes();
}

} // namespace vitreous
