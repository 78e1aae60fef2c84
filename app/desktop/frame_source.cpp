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

std::vector<PreparedInput>
prepared(const std::vector<Image>& pictures, bool is_clip, const PreprocessSpec& spec) {
    if (is_clip) {
        return {preprocessClip(pictures, spec)};
    }
    std::vector<PreparedInput> inputs;
    inputs.reserve(pictures.size());
    for (const Image& picture : pictures) {
        inputs.push_back(preprocess(picture, spec));
    }
    return inputs;
}

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
            reader_.reset();
            if (failure.code != ErrorCode::Interrupted) {
                QMetaObject::invokeMethod(
                    this,
                    [this, number = wanted.number, failure] { Q_EMIT failed(number, failure); },
                    Qt::QueuedConnection);
            }
        }
    }
}

void FrameSource::open(const FramesWanted& wanted) {
    if (reader_ && path_ == wanted.path && reading_ == wanted.reading) {
        return;
    }
    reader_.reset();
    reader_ = std::make_unique<VideoReader>(wanted.path);
    path_ = wanted.path;
    reading_ = wanted.reading;
}

FramesReady FrameSource::carryOut(const FramesWanted& wanted, const std::stop_token& stop) {
    const Task task{stop, {}};
    open(wanted);
    FramesReady answer;
    answer.number = wanted.number;
    std::vector<Image> pictures;
    auto start = Clock::now();
    for (const FrameIndex frame : wanted.frames) {
        task.checkStop();
        reader_->seek(frame, stop);
        task.checkStop();
        std::optional<VideoFrame> read = reader_->next();
        if (!read || read->index != frame) {
            continue;
        }
        answer.frames.push_back(frame);
        answer.times_secs.push_back(read->time_secs);
        pictures.push_back(std::move(read->picture));
    }
    answer.decode_ms = millisecondsSince(start);
    answer.loss = reader_->loss();
    answer.counted = reader_->info().is_exact ? reader_->info().frames : -1;
    start = Clock::now();
    const bool is_whole = answer.frames.size() == wanted.frames.size();
    for (const PreprocessSpec& spec : wanted.specs) {
        task.checkStop();
        answer.prepared.push_back(std::make_shared<const std::vector<PreparedInput>>(
            wanted.is_clip && !is_whole ? std::vector<PreparedInput>()
                                        : prepared(pictures, wanted.is_clip, spec)));
    }
    answer.prepare_ms = millisecondsSince(start);
    return answer;
}

} // namespace vitreous
