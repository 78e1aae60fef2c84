#pragma once

#include <csignal>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QFile>
#include <QStringList>

namespace vitreous::testing {

/// While it lives, files do not grow beyond that size: writes fail as on a full disk.
class FullDisk {
public:
    explicit FullDisk(rlim_t bytes = 256) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &limit_);
        const rlimit tight{.rlim_cur = bytes, .rlim_max = limit_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &tight);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;
    ~FullDisk() {
        setrlimit(RLIMIT_FSIZE, &limit_);
        std::signal(SIGXFSZ, handler_);
    }

private:
    void (*handler_)(int);
    rlimit limit_{};
};

/// While it lives, the process may read the folders given and write nothing in them, also where
/// root runs the tests.
class Unprivileged {
public:
    explicit Unprivileged(QStringList folders) : folders_(std::move(folders)) {
        setModes(0555);
        if (geteuid() == 0) {
            is_changed_ = seteuid(nobody) == 0;
        }
    }
    Unprivileged(const Unprivileged&) = delete;
    Unprivileged& operator=(const Unprivileged&) = delete;
    ~Unprivileged() {
        if (is_changed_ && seteuid(0) != 0) {
            qFatal("cannot be root again");
        }
        setModes(0755);
    }

private:
    static constexpr uid_t nobody = 65534;

    void setModes(mode_t mode) const {
        for (const QString& folder : folders_) {
            if (chmod(QFile::encodeName(folder).constData(), mode) != 0) {
                qFatal("cannot change the mode of %s", qPrintable(folder));
            }
        }
    }

    QStringList folders_;
    bool is_changed_ = false;
};

} // namespace vitreous::testing
