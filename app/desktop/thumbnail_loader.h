#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <QImage>
#include <QObject>

#include "app/desktop/engine.h"
#include "app/desktop/failure.h"
#include "app/desktop/ids.h"

namespace vitreous {

/// Decodes inputs on a thread of its own and makes thumbnails of them, one by one. The thread gives
/// way to inference.
class ThumbnailLoader final : public QObject {
    Q_OBJECT

public:
    using Reader = std::function<InputData(const std::filesystem::path&, const Task&)>;

    explicit ThumbnailLoader(Reader reader, QObject* parent = nullptr);
    ~ThumbnailLoader() override;
    ThumbnailLoader(const ThumbnailLoader&) = delete;
    ThumbnailLoader& operator=(const ThumbnailLoader&) = delete;

    /// When an input's turn is: after all others, or before those that wait.
    enum class Turn { Last, Next };

    void request(InputId id, const std::filesystem::path& path, Turn turn = Turn::Last);
    /// Brings an input that waits to the front.
    void prefer(InputId id);
    /// Forgets those that wait and are not wanted any more; returns them.
    std::vector<InputId> keep(const std::function<bool(InputId)>& is_wanted);
    /// Forgets an input; where it is being decoded, that stops. Only what was decoded already may
    /// still answer.
    void remove(InputId id);
    /// The same of all.
    void cancel();
    /// How many were asked for and not answered yet.
    [[nodiscard]] int pending() const { return pending_; }

    static constexpr int side = 96; ///< pixels; the longer side of a thumbnail is at most this

Q_SIGNALS:
    void ready(vitreous::InputId id, const vitreous::Thumbnail& thumbnail);
    void failed(vitreous::InputId id, const vitreous::Failure& failure);

private:
    struct Job {
        InputId id;
        std::filesystem::path path;
        std::stop_source stop{}; ///< nobody waits for it any more
    };
    void run(const std::stop_token& stop);
    void carryOut(const Job& job);
    /// Has the one that is being decoded dropped; mutex_ is held.
    void dropRunning();

    Reader reader_;
    int pending_ = 0;  ///< GUI thread only
    std::mutex mutex_; ///< guards what follows
    std::condition_variable_any wake_;
    std::deque<Job> jobs_;
    std::optional<Job> running_;
    std::jthread thread_; ///< last: it uses all of the above
};

} // namespace vitreous
