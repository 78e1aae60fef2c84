#include "app/desktop/session_writer.h"

#include <chrono>
#include <functional>

#include <QFile>

#include "core/export/sha256.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;

/// Reads files one after the other; progress counts their bytes.
class Reading {
public:
    Reading(const std::vector<fs::path>& files, const Task& task) : task_(task) {
        for (const fs::path& file : files) {
            all_bytes_ += factsOf(file).bytes.value_or(0);
        }
    }

    std::string digestOf(const fs::path& file) {
        task_.checkStop();
        const std::uint64_t bytes = factsOf(file).bytes.value_or(0);
        const double begin = share(done_bytes_);
        const double part = share(bytes);
        done_bytes_ += bytes;
        const Task task{
            .stop = task_.stop, .progress = [this, begin, part](const Progress& progress) {
                task_.report(begin + part * progress.fraction, progress.stage);
            }};
        return sha256OfFile(file, task);
    }

private:
    [[nodiscard]] double share(std::uint64_t bytes) const {
        return all_bytes_ == 0 ? 0.0 : double(bytes) / double(all_bytes_);
    }

    const Task& task_;
    std::uint64_t all_bytes_ = 0;
    std::uint64_t done_bytes_ = 0;
};

} // namespace

template <typename Function>
void SessionWriter::post(Function function) {
    // The event takes the function. NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDeleteLeaks)
    QMetaObject::invokeMethod(this, std::move(function), Qt::QueuedConnection);
}

SessionWriter::SessionWriter(QObject* parent)
    : QObject(parent), thread_([this](const std::stop_token& stop) { run(stop); }) {}

SessionWriter::~SessionWriter() {
    {
        const std::lock_guard lock(mutex_);
        thread_.request_stop();
        running_stop_.request_stop();
    }
    wake_.notify_all();
    thread_.join();
}

std::uint64_t SessionWriter::save(SessionFile session, const fs::path& path) {
    add(SaveJob{++last_number_, std::move(session), path});
    return last_number_;
}

std::uint64_t SessionWriter::verify(std::vector<Digest> files) {
    add(VerifyJob{++last_number_, std::move(files)});
    return last_number_;
}

void SessionWriter::add(Job job) {
    {
        const std::lock_guard lock(mutex_);
        jobs_.push_back(std::move(job));
    }
    ++pending_;
    wake_.notify_all();
    Q_EMIT busyChanged();
}

void SessionWriter::cancel() {
    std::deque<Job> dropped;
    {
        const std::lock_guard lock(mutex_);
        dropped.swap(jobs_);
        running_stop_.request_stop();
    }
    for (const Job& job : dropped) {
        if (const auto* save = std::get_if<SaveJob>(&job)) {
            Q_EMIT saveFailed(save->number, {ErrorCode::Interrupted, tr("Cancelled")});
        }
        settle();
    }
}

void SessionWriter::stopVerifying() {
    std::size_t dropped = 0;
    {
        const std::lock_guard lock(mutex_);
        dropped = std::erase_if(
            jobs_, [](const Job& job) { return std::holds_alternative<VerifyJob>(job); });
        if (is_verifying_) {
            running_stop_.request_stop();
        }
    }
    for (; dropped > 0; --dropped) {
        settle();
    }
}

void SessionWriter::settle() {
    --pending_;
    Q_EMIT busyChanged();
}

void SessionWriter::run(const std::stop_token& stop) {
    while (true) {
        Job job;
        std::stop_token job_stop;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, stop, [this] { return !jobs_.empty(); });
            if (stop.stop_requested()) {
                return;
            }
            job = std::move(jobs_.front());
            jobs_.pop_front();
            running_stop_ = std::stop_source();
            job_stop = running_stop_.get_token();
            is_verifying_ = std::holds_alternative<VerifyJob>(job);
        }
        const auto* save = std::get_if<SaveJob>(&job);
        const Task task =
            taskOf(save != nullptr ? tr("Saving the session") : tr("Checking the files"), job_stop);
        try {
            std::visit([&](auto& work) { carryOut(work, task); }, job);
        } catch (...) {
            Failure failure = failureOf(std::current_exception());
            if (failure.code == ErrorCode::Interrupted) {
                failure.message = tr("Cancelled");
            }
            // Files that cannot be compared are told about where they are used.
            if (save != nullptr) {
                post(
                    [this, number = save->number, failure] { Q_EMIT saveFailed(number, failure); });
            }
        }
        post([this] { settle(); });
    }
}

Task SessionWriter::taskOf(const QString& text, const std::stop_token& stop) {
    using Clock = std::chrono::steady_clock;
    return {
        .stop = stop,
        .progress = [this, text, shown = Clock::time_point()](const Progress& now) mutable {
            // More often than the screen shows it would only fill the event queue.
            if (Clock::now() - shown < std::chrono::milliseconds(30)) {
                return;
            }
            shown = Clock::now();
            const QString told = text + QStringLiteral(": ") + QString::fromStdString(now.stage);
            const double fraction = now.fraction;
            post([this, told, fraction] { Q_EMIT progressed(told, fraction); });
        }};
}

void SessionWriter::carryOut(SaveJob& job, const Task& task) {
    // Before whole checkpoints are read for nothing.
    requireNames(job.session);
    KnownFiles files;
    std::vector<fs::path> unread;
    for (const fs::path& file : filesOf(job.session)) {
        const FileFacts known = job.session.files[file];
        const FileCheck check = checkFile(file, known);
        const bool is_known =
            check == FileCheck::Missing || (check == FileCheck::Same && !known.sha256.empty());
        files[file] = is_known ? known : factsOf(file);
        if (!is_known) {
            unread.push_back(file);
        }
    }
    Reading reading(unread, task);
    for (const fs::path& file : unread) {
        try {
            files[file].sha256 = reading.digestOf(file);
        } catch (const Error& error) {
            // A file that cannot be read is named without its digest.
            if (error.code() == ErrorCode::Interrupted) {
                throw;
            }
        }
    }
    job.session.files = files;
    task.checkStop();
    writeSession(job.path, job.session);
    const QString path = QFile::decodeName(job.path.c_str());
    post([this, number = job.number, path, files] { Q_EMIT saved(number, path, files); });
}

void SessionWriter::carryOut(const VerifyJob& job, const Task& task) {
    std::vector<fs::path> files;
    for (const Digest& digest : job.files) {
        files.push_back(digest.path);
    }
    Reading reading(files, task);
    std::vector<fs::path> changed;
    for (const Digest& digest : job.files) {
        try {
            if (reading.digestOf(digest.path) != digest.sha256) {
                changed.push_back(digest.path);
            }
        } catch (const Error& error) {
            if (error.code() == ErrorCode::Interrupted) {
                throw;
            }
        }
    }
    if (!changed.empty()) {
        post([this, number = job.number, changed] { Q_EMIT foundChanged(number, changed); });
    }
}

} // namespace vitreous
