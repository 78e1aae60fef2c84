#include "app/desktop/thumbnail_loader.h"

#include <algorithm>

#include "core/base/thread_priority.h"

namespace vitreous {

ThumbnailLoader::ThumbnailLoader(Reader reader, QObject* parent)
    : QObject(parent), reader_(std::move(reader)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

ThumbnailLoader::~ThumbnailLoader() {
    {
        const std::lock_guard lock(mutex_);
        thread_.request_stop();
        dropRunning();
    }
    wake_.notify_all();
    thread_.join();
}

void ThumbnailLoader::request(InputId id, const std::filesystem::path& path, Turn turn) {
    ++pending_;
    {
        const std::lock_guard lock(mutex_);
        jobs_.insert(turn == Turn::Next ? jobs_.begin() : jobs_.end(), {id, path});
    }
    wake_.notify_all();
}

void ThumbnailLoader::prefer(InputId id) {
    const std::lock_guard lock(mutex_);
    std::stable_partition(
        jobs_.begin(), jobs_.end(), [id](const Job& job) { return job.id == id; });
}

std::vector<InputId> ThumbnailLoader::keep(const std::function<bool(InputId)>& is_wanted) {
    const std::lock_guard lock(mutex_);
    std::vector<InputId> dropped;
    std::erase_if(jobs_, [&](const Job& job) {
        const bool is_dropped = !is_wanted(job.id);
        if (is_dropped) {
            dropped.push_back(job.id);
        }
        return is_dropped;
    });
    pending_ -= int(dropped.size());
    return dropped;
}

void ThumbnailLoader::remove(InputId id) {
    const std::lock_guard lock(mutex_);
    pending_ -= int(std::erase_if(jobs_, [id](const Job& job) { return job.id == id; }));
    if (running_ && running_->id == id) {
        dropRunning();
    }
}

void ThumbnailLoader::cancel() {
    const std::lock_guard lock(mutex_);
    pending_ -= int(jobs_.size());
    jobs_.clear();
    dropRunning();
}

void ThumbnailLoader::dropRunning() {
    if (running_ && running_->stop.request_stop()) {
        --pending_;
    }
}

void ThumbnailLoader::run(const std::stop_token& stop) {
    yieldToInference();
    while (true) {
        Job job;
        {
            std::unique_lock lock(mutex_);
            running_.reset();
            wake_.wait(lock, stop, [this] { return !jobs_.empty(); });
            if (stop.stop_requested()) {
                return;
            }
            job = std::move(jobs_.front());
            jobs_.pop_front();
            running_ = job;
        }
        carryOut(job);
    }
}

void ThumbnailLoader::carryOut(const Job& job) {
    std::function<void()> answer;
    try {
        const Task task{.stop = job.stop.get_token(), .progress = {}};
        const Thumbnail thumbnail = thumbnailOf(reader_(job.path, task), side, task);
        answer = [this, id = job.id, thumbnail] { Q_EMIT ready(id, thumbnail); };
    } catch (...) {
        Failure failure = failureOf(std::current_exception());
        const QString path = QString::fromStdString(job.path.string());
        if (!failure.message.contains(path)) {
            failure.message += QStringLiteral(": ") + path;
        }
        answer = [this, id = job.id, failure] { Q_EMIT failed(id, failure); };
    }
    QMetaObject::invokeMethod(
        this,
        [this, answer, stop = job.stop.get_token()] {
            if (!stop.stop_requested()) {
                --pending_;
                answer();
            }
        },
        Qt::QueuedConnection);
}

} // namespace vitreous
