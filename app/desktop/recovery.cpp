#include "app/desktop/recovery.h"

#include <algorithm>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStandardPaths>
#include <QUuid>

namespace vitreous {
namespace {

std::filesystem::path nativePath(const QString& path) {
    return QFile::encodeName(path).toStdString();
}

/// The session that the last program to end as it should was working on.
constexpr QLatin1String last_name("last.vitreous");

QString lockOf(const QString& file) {
    return file + QStringLiteral(".lock");
}

/// With size and time of the session's files, but without reading them.
void writeWithFacts(const QString& file, SessionFile& session) {
    for (const std::filesystem::path& path : filesOf(session)) {
        FileFacts& facts = session.files[path];
        const FileCheck check = checkFile(path, facts);
        if (check != FileCheck::Same && check != FileCheck::Missing) {
            facts = factsOf(path);
        }
    }
    writeSession(nativePath(file), session);
}

/// A lock that is not taken for stale because it is old: only the end of its program frees it.
std::unique_ptr<QLockFile> takeLock(const QString& file) {
    auto lock = std::make_unique<QLockFile>(lockOf(file));
    lock->setStaleLockTime(0);
    if (lock->tryLock(0)) {
        return lock;
    }
    // Its program ended between making the lock and writing its name into it.
    qint64 process = 0;
    QString host;
    QString program;
    const QDateTime time = QFileInfo(lockOf(file)).lastModified();
    const bool is_nobodys = !lock->getLockInfo(&process, &host, &program) && time.isValid() &&
                            time.secsTo(QDateTime::currentDateTime()) >= 5;
    if (is_nobodys && QFile::remove(lockOf(file)) && lock->tryLock(0)) {
        return lock;
    }
    return nullptr;
}

} // namespace

QString Recovery::standardFolder() {
    return QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) +
           QStringLiteral("/recovery");
}

Recovery::Recovery(const QString& folder, QObject* parent) : QObject(parent), folder_(folder) {
    if (folder_.isEmpty() || !QDir().mkpath(folder_)) {
        folder_.clear();
        return;
    }
    file_ = QDir(folder_).filePath(
        QUuid::createUuid().toString(QUuid::WithoutBraces) + QStringLiteral(".vitreous"));
    lock_ = takeLock(file_);
    if (!lock_) {
        folder_.clear();
        return;
    }
    claimLeft();
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Recovery::~Recovery() {
    if (thread_.joinable()) {
        thread_.request_stop();
        wake_.notify_all();
        thread_.join();
        QFile::remove(file_);
        if (last_) {
            // There is no window any more to tell it in.
            try {
                writeWithFacts(lastFile(), *last_);
            } catch (const std::exception& error) {
                qWarning("The last session is not kept: %s", error.what());
            }
        }
    }
}

QString Recovery::lastFile() const {
    return QDir(folder_).filePath(last_name);
}

bool Recovery::hasLast() const {
    return !folder_.isEmpty() && QFileInfo::exists(lastFile());
}

SessionFile Recovery::last() const {
    return readSession(nativePath(lastFile()));
}

void Recovery::claimLeft() {
    const QDir folder(folder_);
    const QStringList sessions =
        folder.entryList({QStringLiteral("*.vitreous")}, QDir::Files, QDir::Time);
    for (const QString& name : sessions) {
        const QString file = folder.filePath(name);
        if (name == last_name) {
            continue;
        }
        if (auto lock = takeLock(file)) {
            claims_.push_back({file, std::move(lock)});
        }
    }
    // Locks of programs that ended before they kept anything.
    for (const QString& name : folder.entryList({QStringLiteral("*.vitreous.lock")}, QDir::Files)) {
        QString file = folder.filePath(name);
        file.chop(int(QStringLiteral(".lock").size()));
        if (!QFileInfo::exists(file)) {
            takeLock(file);
        }
    }
}

std::vector<Recovery::Left> Recovery::left() {
    std::vector<Left> left;
    QStringList damaged;
    for (const Claim& claim : claims_) {
        try {
            left.push_back(
                {claim.file, QFileInfo(claim.file).lastModified(),
                 readSession(nativePath(claim.file))});
        } catch (const Error& error) {
            damaged << claim.file;
            Q_EMIT failed({error.code(), QString::fromStdString(error.what())});
        }
    }
    for (const QString& file : damaged) {
        setAside(file);
    }
    return left;
}

void Recovery::release(const QString& file) {
    std::erase_if(claims_, [&file](const Claim& claim) { return claim.file == file; });
}

void Recovery::adopt(const QString& file) {
    std::error_code problem;
    std::filesystem::rename(nativePath(file), nativePath(file_), problem);
    release(file);
}

void Recovery::discard(const QString& file) {
    QFile::remove(file);
    release(file);
}

void Recovery::setAside(const QString& file) {
    QFile::rename(file, file + QStringLiteral(".damaged"));
    release(file);
}

void Recovery::keep(SessionFile session) {
    {
        const std::lock_guard lock(mutex_);
        wanted_ = std::move(session);
        has_changed_ = true;
    }
    wake_.notify_all();
}

void Recovery::forget() {
    {
        const std::lock_guard lock(mutex_);
        wanted_.reset();
        has_changed_ = true;
    }
    wake_.notify_all();
}

void Recovery::run(const std::stop_token& stop) {
    while (true) {
        std::optional<SessionFile> session;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, stop, [this] { return has_changed_; });
            if (stop.stop_requested()) {
                return;
            }
            session = std::move(wanted_);
            wanted_.reset();
            has_changed_ = false;
        }
        carryOut(std::move(session));
    }
}

void Recovery::carryOut(std::optional<SessionFile> session) {
    try {
        if (!session) {
            QFile::remove(file_);
            return;
        }
        writeWithFacts(file_, *session);
        has_failed_ = false;
    } catch (...) {
        if (!std::exchange(has_failed_, true)) {
            const Failure failure = failureOf(std::current_exception());
            QMetaObject::invokeMethod(
                this, [this, failure] { Q_EMIT failed(failure); }, Qt::QueuedConnection);
        }
    }
}

} // namespace vitreous
