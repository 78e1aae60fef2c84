#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>
#include <variant>

#include <QObject>
#include <QStringList>

#include "app/desktop/failure.h"
#include "app/desktop/session_state.h"

namespace vitreous {

/// A file and the SHA-256 that it had.
struct Digest {
    std::filesystem::path path;
    std::string sha256;
};

/// Writes session files and compares files with what they were, on a thread of its own: both read
/// whole checkpoints. Answers come as signals on its own (the GUI's) thread.
class SessionWriter final : public QObject {
    Q_OBJECT

public:
    explicit SessionWriter(QObject* parent = nullptr);
    ~SessionWriter() override;
    SessionWriter(const SessionWriter&) = delete;
    SessionWriter& operator=(const SessionWriter&) = delete;

    /// Adds the digests of all files and writes the session. What is known of a file that is
    /// missing, or that has kept its size and time, stays.
    /// Returns the number that the answer names.
    std::uint64_t save(SessionFile session, const std::filesystem::path& path);
    /// Finds the files that are not what they were. Returns the number that the answer names.
    std::uint64_t verify(std::vector<Digest> files);
    /// Nobody asks for the files of verify any more. An answer may be on its way.
    void stopVerifying();
    /// Stops everything; a session that was to be saved is not, and ErrorCode::Interrupted told.
    void cancel();
    /// True until everything asked for was answered.
    [[nodiscard]] bool isBusy() const { return pending_ > 0; }

Q_SIGNALS:
    void busyChanged();
    void progressed(const QString& text, double fraction);
    /// files: all that is known of the session's files now.
    void saved(std::uint64_t number, const QString& path, const vitreous::KnownFiles& files);
    void saveFailed(std::uint64_t number, const vitreous::Failure& failure);
    void foundChanged(std::uint64_t number, const std::vector<std::filesystem::path>& files);

private:
    struct SaveJob {
        std::uint64_t number = 0;
        SessionFile session;
        std::filesystem::path path;
    };
    struct VerifyJob {
        std::uint64_t number = 0;
        std::vector<Digest> files;
    };
    using Job = std::variant<SaveJob, VerifyJob>;

    void add(Job job);
    void run(const std::stop_token& stop);
    void carryOut(SaveJob& job, const Task& task);
    void carryOut(const VerifyJob& job, const Task& task);
    [[nodiscard]] Task taskOf(const QString& text, const std::stop_token& stop);
    template <typename Function>
    void post(Function function);
    void settle();

    int pending_ = 0;               ///< GUI thread only
    std::uint64_t last_number_ = 0; ///< GUI thread only
    std::mutex mutex_;              ///< guards what follows, down to the blank line
    std::condition_variable_any wake_;
    std::deque<Job> jobs_;
    std::stop_source running_stop_;
    bool is_verifying_ = false; ///< what runs, or ran last

    std::jthread thread_; ///< last: it uses all of the above
};

} // namespace vitreous
