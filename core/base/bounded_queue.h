#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace vitreous {

/// Values on their way from one thread to another, at most so many at a time. Both sides give up
/// once a stop is asked for.
template <typename T>
class BoundedQueue {
public:
    explicit BoundedQueue(std::size_t most) : most_(most) {}

    /// Waits for room. False: stopped, the value is gone.
    bool push(T value, const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait(lock, stop, [this] { return values_.size() < most_; })) {
            return false;
        }
        values_.push_back(std::move(value));
        lock.unlock();
        changed_.notify_all();
        return true;
    }

    /// Waits for a value. Nothing: stopped, or closed and empty.
    std::optional<T> pop(const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, stop, [this] { return !values_.empty() || is_closed_; });
        if (stop.stop_requested() || values_.empty()) {
            return std::nullopt;
        }
        std::optional<T> value(std::move(values_.front()));
        values_.pop_front();
        lock.unlock();
        changed_.notify_all();
        return value;
    }

    /// Drops what waits.
    void clear() {
        std::deque<T> dropped; // destroyed once the lock is gone
        {
            const std::lock_guard lock(mutex_);
            dropped.swap(values_);
        }
        changed_.notify_all();
    }

    /// There are no more values to come.
    void close() {
        {
            const std::lock_guard lock(mutex_);
            is_closed_ = true;
        }
        changed_.notify_all();
    }

private:
    std::size_t most_;
    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<T> values_;
    bool is_closed_ = false;
};

} // namespace vitreous
