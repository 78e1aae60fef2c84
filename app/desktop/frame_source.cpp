#include "app/desktop/frame_source.h"

#include <chrono>
#include <exception>
#include <utility>

namespace vitreous {
namespace {

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// The frames of one request in the form of one spec, each as soon as it is decoded, so that no
/// frame is kept whole.
class Preparation {
public:
    Preparation(const PreprocessSpec& spec, bool is_clip) : spec_(spec), is_clip_(is_clip) {}

    void add(const Image& picture) {
        if (is_clip_) {
            pictures_.push_back(cutOut(picture, spec_));
        } else {
            inputs_.push_back(preprocess(picture, spec_));
        }
    }

    /// is_whole: no frame is missing.
    std::shared_ptr<const std::vector<PreparedInput>> finish(bool is_whole) {
        if (is_clip_ && is_whole) {
            inputs_.push_back(clipOf(std::move(pictures_), spec_));
        }
        return std::make_shared<const std::vector<PreparedInput>>(std::move(inputs_));
    }

private:
    PreprocessSpec spec_;
    bool is_clip_;
    std::vector<Image> pictures_;
    std::vector<PreparedInput> inputs_;
};

} // namespace

FrameSource::FrameSource(QObject* parent)
    : QObject(parent), thread_([this](const std::stop_token& stop) { run(stop); }) {}

FrameSource::~FrameSource() {
    {
        const std::lock_guard lock(mutex_);
        thread_.request_stop();
        running_.request_stop();
    }
    wake_.notify_all();
    thread_.join();
}

void FrameSource::want(FramesWanted wanted) {
    {
        const std::lock_guard lock(mutex_);
        wanted_.push_back(std::move(wanted));
    }
    wake_.notify_all();
}

void FrameSource::drop() {
    const std::lock_guard lock(mutex_);
    wanted_.clear();
    running_.request_stop();
}

void FrameSource::leave() {
    drop();
    const std::lock_guard lock(mutex_);
    opening_.request_stop();
}

void FrameSource::run(const std::stop_token& stop) {
    KeptVideo video(stop);
    while (true) {
        FramesWanted wanted;
        std::stop_token running;
        std::stop_token opening;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, stop, [this] { return !wanted_.empty(); });
            if (stop.stop_requested()) {
                return;
            }
            wanted = std::move(wanted_.front());
            wanted_.pop_front();
            running_ = std::stop_source();
            running = running_.get_token();
            opening_ = std::stop_source();
            opening = opening_.get_token();
        }
        try {
            VideoReader& reader = video.open(wanted.path, wanted.reading, opening);
            const FramesReady frames = carryOut(wanted, reader, running);
            QMetaObject::invokeMethod(
                this, [this, frames] { Q_EMIT ready(frames); }, Qt::QueuedConnection);
        } catch (...) {
            const Failure failure = failureOf(std::current_exception());
            if (failure.code != ErrorCode::Interrupted) {
                video.close();
                QMetaObject::invokeMethod(
                    this,
                    [this, number = wanted.number, failure] { Q_EMIT failed(number, failure); },
                    Qt::QueuedConnection);
            }
        }
    }
}

FramesReady FrameSource::carryOut(
    const FramesWanted& wanted,
    VideoReader& reader,
    const std::stop_token& stop) {
    const Task task{stop, {}};
    FramesReady answer;
    answer.number = wanted.number;
    std::vector<Preparation> preparations;
    for (const PreprocessSpec& spec : wanted.specs) {
        preparations.emplace_back(spec, wanted.is_clip);
    }
    for (const FrameIndex frame : wanted.frames) {
        task.checkStop();
        auto start = Clock::now();
        reader.seek(frame, stop);
        task.checkStop();
        const std::optional<VideoFrame> read = reader.next();
        answer.decode_ms += millisecondsSince(start);
        if (!read || read->index != frame) {
            continue;
        }
        start = Clock::now();
        answer.frames.push_back(frame);
        answer.times_secs.push_back(read->time_secs);
        for (Preparation& preparation : preparations) {
            preparation.add(read->picture);
        }
        answer.prepare_ms += millisecondsSince(start);
    }
    answer.loss = reader.loss();
    answer.counted = reader.info().is_exact ? reader.info().frames : -1;
    for (Preparation& preparation : preparations) {
        answer.prepared.push_back(preparation.finish(answer.frames.size() == wanted.frames.size()));
    }
    return answer;
}

} // namespace vitreous
