#include "app/desktop/turntable_job.h"

#include <exception>

#include "app/desktop/input_list.h"

namespace vitreous {

TurntableJob::~TurntableJob() {
    for (std::jthread& thread : threads_) {
        thread.request_stop();
    }
    threads_.clear();
}

void TurntableJob::start(
    const std::filesystem::path& path,
    const GridScene& scene,
    const TurntableOptions& options) {
    cancel();
    is_busy_ = true;
    const unsigned number = ++number_;
    // Answers of one that was given up are nobody's business.
    const auto post = [this, number](auto function) {
        QMetaObject::invokeMethod(
            this,
            [this, number, function] {
                if (number == number_) {
                    function();
                }
            },
            Qt::QueuedConnection);
    };
    threads_.emplace_back([this, path, scene, options, post](const std::stop_token& stop) {
        const Task task{stop, [this, post](const Progress& now) {
                            post([this, fraction = now.fraction] { Q_EMIT progressed(fraction); });
                        }};
        try {
            exportTurntable(path, scene, options, task);
            post([this, path] {
                is_busy_ = false;
                Q_EMIT finished();
                Q_EMIT written(pathText(path));
            });
        } catch (...) {
            const Failure failure = failureOf(std::current_exception());
            post([this, failure] {
                is_busy_ = false;
                Q_EMIT finished();
                Q_EMIT failed(failure);
            });
        }
    });
}

void TurntableJob::cancel() {
    if (!is_busy_) {
        return;
    }
    // A frame may take long; nobody waits for it.
    threads_.back().request_stop();
    ++number_;
    is_busy_ = false;
    Q_EMIT finished();
}

} // namespace vitreous
