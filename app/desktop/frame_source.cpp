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

void FrameSource::run(const std::stop_token& stop) {
    thread_stop_ = stop;
    while (true) {
        FramesWanted wanted;
        std::stop_token running;
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
        }
        try {
            const FramesReady frames = carryOut(wanted, running);
            QMetaObject::invokeMethod(
                this, [this, frames] { Q_EMIT ready(frames); }, Qt::QueuedConnection);
        } catch (...) {
            const Failure failure = failureOf(std::current_exception());
            if (failure.code != ErrorCode::Interrupted) {
                reader_.reset();
                QMetaObject::invokeMethod(
                    this,
                    [this, number = wanted.number, failure] { Q_EMIT failed(number, failure); },
                    Qt::QueuedConnection);
            }
        }
    }
}

void FrameSource::open(const FramesWanted& wanted, const std::stop_token& stop) {
    if (reader_ && path_ == wanted.path && reading_ == wanted.reading) {
        return;
    }
    reader_.reset();
    reader_ = std::make_unique<VideoReader>(wanted.path, Task{stop, {}});
    path_ = wanted.path;
    reading_ = wanted.reading;
}

FramesReady FrameSource::carryOut(const FramesWanted& wanted, const std::stop_token& stop) {
    const Task task{stop, {}};
    open(wanted, thread_stop_);
    FramesReady answer;
    answer.number = wanted.number;
    std::vector<Preparation> preparations;
    for (const PreprocessSpec& spec : wanted.specs) {
        preparations.emplace_back(spec, wanted.is_clip);
    }
    for (const FrameIndex frame : wanted.frames) {
        task.checkStop();
        auto start = Clock::now();
        reader_->seek(frame, stop);
        task.checkStop();
        const std::optional<VideoFrame> read = reader_->next();
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
    answer.loss = reader_->loss();
    answer.counted = reader_->info().is_exact ? reader_->info().frames : -1;
    for (Preparation& preparation : preparations) {
        answer.prepared.push_back(preparation.finish(answer.frames.size() == wanted.frames.size()));
    }
    return answer;
}

} // namespace vitreous
