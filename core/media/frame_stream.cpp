#include "core/media/frame_stream.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include "core/base/task.h"

namespace vitreous {

struct FrameStream::State {
    State(
        std::filesystem::path file,
        std::vector<FrameIndex> frames,
        std::size_t most,
        std::stop_token ends)
        : path(std::move(file)), stop(std::move(ends)), wanted(std::move(frames)),
          queue(std::max<std::size_t>(most, 1)) {}

    void run(const std::stop_token& ends);
    void decode(VideoReader& reader, const std::stop_token& ends);
    void note(const VideoReader& reader);

    const std::filesystem::path path;
    const std::stop_token stop; ///< the owner's

    mutable std::mutex mutex;
    std::condition_variable_any changed;
    std::vector<FrameIndex> wanted;
    std::size_t at = 0;            ///< in wanted
    std::size_t request = 0;       ///< grows with every want()
    std::stop_source request_ends; ///< of the seek that is under way
    std::deque<VideoFrame> ready;
    const std::size_t queue;
    std::exception_ptr problem;
    std::optional<VideoInfo> info;
    std::string loss;

    std::jthread thread; ///< it ends before what it uses
    std::optional<std::stop_callback<std::function<void()>>> on_stop;
};

void FrameStream::State::note(const VideoReader& reader) {
    info = reader.info();
    loss = reader.loss();
}

/// Gives frames until a stop is asked for; waits where there is nothing to do.
void FrameStream::State::decode(VideoReader& reader, const std::stop_token& ends) {
    std::unique_lock lock(mutex);
    note(reader);
    while (!ends.stop_requested()) {
        const auto has_work = [this] { return at < wanted.size() && ready.size() < queue; };
        if (!changed.wait(lock, ends, has_work)) {
            return;
        }
        const std::size_t served = request;
        const FrameIndex frame = wanted[at];
        request_ends = std::stop_source();
        const std::stop_token give_up = request_ends.get_token();
        lock.unlock();
        reader.seek(frame, give_up);
        std::optional<VideoFrame> picture;
        if (!give_up.stop_requested()) {
            picture = reader.next();
        }
        lock.lock();
        note(reader);
        if (served == request) {
            ++at;
            if (picture) {
                ready.push_back(std::move(*picture));
            }
            changed.notify_all();
        }
    }
}

void FrameStream::State::run(const std::stop_token& ends) {
    try {
        VideoReader reader(path, Task{ends, {}});
        decode(reader, ends);
    } catch (...) {
        const std::lock_guard lock(mutex);
        problem = std::current_exception();
        changed.notify_all();
    }
}

FrameStream::FrameStream(
    const std::filesystem::path& path,
    std::vector<FrameIndex> wanted,
    std::size_t queue,
    std::stop_token stop)
    : state_(std::make_unique<State>(path, std::move(wanted), queue, std::move(stop))) {
    State* state = state_.get();
    state_->thread = std::jthread([state](const std::stop_token& ends) { state->run(ends); });
    state_->on_stop.emplace(
        state_->stop, [ends = state_->thread.get_stop_source()]() mutable { ends.request_stop(); });
}

FrameStream::~FrameStream() {
    state_->thread.request_stop();
    state_->thread.join();
}

std::optional<VideoFrame> FrameStream::next() {
    std::unique_lock lock(state_->mutex);
    state_->changed.wait(lock, state_->stop, [this] {
        return !state_->ready.empty() || state_->problem || state_->at >= state_->wanted.size();
    });
    Task{state_->stop, {}}.checkStop();
    if (!state_->ready.empty()) {
        std::optional<VideoFrame> frame = std::move(state_->ready.front());
        state_->ready.pop_front();
        state_->changed.notify_all();
        return frame;
    }
    if (state_->problem) {
        std::rethrow_exception(state_->problem);
    }
    return std::nullopt;
}

void FrameStream::want(std::vector<FrameIndex> rest) {
    const std::lock_guard lock(state_->mutex);
    state_->wanted = std::move(rest);
    state_->at = 0;
    state_->ready.clear();
    ++state_->request;
    state_->request_ends.request_stop();
    state_->changed.notify_all();
}

std::optional<VideoInfo> FrameStream::info() const {
    const std::lock_guard lock(state_->mutex);
    return state_->info;
}

std::string FrameStream::loss() const {
    const std::lock_guard lock(state_->mutex);
    return state_->loss;
}

} // namespace vitreous
