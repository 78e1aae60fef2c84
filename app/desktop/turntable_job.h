#pragma once

#include <filesystem>
#include <thread>
#include <vector>

#include <QObject>

#include "app/desktop/failure.h"
#include "widgets/turntable.h"

namespace vitreous {

/// Writes a turntable on a thread of its own, one at a time.
class TurntableJob final : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;
    ~TurntableJob() override;
    TurntableJob(const TurntableJob&) = delete;
    TurntableJob& operator=(const TurntableJob&) = delete;

    /// Begins; one that is being written is stopped behind its frame and leaves nothing.
    void start(
        const std::filesystem::path& path,
        const GridScene& scene,
        const TurntableOptions& options);
    void cancel();
    [[nodiscard]] bool isBusy() const { return is_busy_; }

Q_SIGNALS:
    void progressed(double fraction);
    /// Also where it failed or was cancelled.
    void finished();
    void written(const QString& path);
    void failed(const vitreous::Failure& failure);

private:
    bool is_busy_ = false;
    unsigned number_ = 0;               ///< of the newest one
    std::vector<std::jthread> threads_; ///< the newest last; those before are stopping
};

} // namespace vitreous
