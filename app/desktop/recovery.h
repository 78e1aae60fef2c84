#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include <QDateTime>
#include <QLockFile>
#include <QObject>

#include "app/desktop/failure.h"
#include "core/export/session_file.h"

namespace vitreous {

/// Keeps the session in a file of its own while the program runs, and finds those that programs
/// which ended unexpectedly have left. A lock beside each tells that its program is running.
class Recovery final : public QObject {
    Q_OBJECT

public:
    /// A session that was left.
    struct Left {
        QString file;
        QDateTime time;
        SessionFile session;
    };

    /// folder: where the files are; empty: nothing is kept or found.
    explicit Recovery(const QString& folder, QObject* parent = nullptr);
    /// A program that ends as it should leaves nothing but the last session.
    ~Recovery() override;
    Recovery(const Recovery&) = delete;
    Recovery& operator=(const Recovery&) = delete;

    static QString standardFolder();

    /// Writes the session soon, on a thread of its own, with size and time of its files but without
    /// reading them. Replaces what was kept before.
    void keep(SessionFile session);
    /// There is nothing to be kept.
    void forget();

    /// The sessions that were left, the newest first. No other program is offered them while this
    /// one runs. One that cannot be read is set aside and told by failed().
    [[nodiscard]] std::vector<Left> left();
    /// Makes a left session this program's own; it has been restored.
    void adopt(const QString& file);
    void discard(const QString& file);
    /// Keeps a left session that cannot be restored out of the way.
    void setAside(const QString& file);

    /// A program that ended as it should has left a session that was saved nowhere.
    [[nodiscard]] bool hasLast() const;
    /// That session. Throws Error{Input}, path last.
    [[nodiscard]] SessionFile last() const;
    /// Is the last session once the program ends, in the place of the one before.
    void keepLast(SessionFile session) { last_ = std::move(session); }

Q_SIGNALS:
    /// Told once until it works again.
    void failed(const vitreous::Failure& failure);

private:
    struct Claim {
        QString file;
        std::unique_ptr<QLockFile> lock;
    };
    void claimLeft();
    void release(const QString& file);
    void run(const std::stop_token& stop);
    void carryOut(std::optional<SessionFile> session);
    [[nodiscard]] QString lastFile() const;

    QString folder_;
    QString file_; ///< its own
    std::unique_ptr<QLockFile> lock_;
    std::vector<Claim> claims_;
    std::optional<SessionFile> last_; ///< to be kept at the end
    bool has_failed_ = false;         ///< the thread's own

    std::mutex mutex_; ///< guards what follows, down to the blank line
    std::condition_variable_any wake_;
    std::optional<SessionFile> wanted_;
    bool has_changed_ = false;

    std::jthread thread_; ///< last: it uses all of the above
};

} // namespace vitreous
