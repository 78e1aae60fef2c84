#include "core/base/file_output.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "core/base/error.h"

namespace vitreous {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, int problem) {
    throw Error(
        ErrorCode::Resource,
        std::string("cannot be written, ") + std::strerror(problem) + ": " + path.string());
}

/// A name of this process alone, hidden, beside the target.
std::filesystem::path asideOf(const std::filesystem::path& target) {
    static std::atomic<unsigned> counter = 0;
    const std::string name = "." + target.filename().string() + "." + std::to_string(getpid()) +
                             "." + std::to_string(counter++) + ".part";
    return target.parent_path() / name;
}

} // namespace

FileAside::FileAside(std::filesystem::path target)
    : target_(std::move(target)), aside_(asideOf(target_)) {}

FileAside::~FileAside() {
    if (descriptor_ >= 0) {
        close(descriptor_);
    }
    if (!committed_) {
        std::error_code ignored;
        std::filesystem::remove(aside_, ignored);
    }
}

void FileAside::write(std::string_view bytes) {
    if (descriptor_ < 0) {
        descriptor_ = open(aside_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
        if (descriptor_ < 0) {
            refuse(target_, errno);
        }
    }
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            refuse(target_, written < 0 ? errno : ENOSPC);
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void FileAside::commit() {
    if (descriptor_ >= 0 && close(std::exchange(descriptor_, -1)) != 0) {
        refuse(target_, errno);
    }
    // Renaming would replace a device or a pipe by a file.
    std::error_code problem_of_status;
    const auto type = std::filesystem::status(target_, problem_of_status).type();
    if (type != std::filesystem::file_type::not_found &&
        type != std::filesystem::file_type::regular) {
        throw Error(
            ErrorCode::Resource,
            "cannot be written, expected a file or nothing there: " + target_.string());
    }
    const int descriptor = open(aside_.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        refuse(target_, errno);
    }
    const int flushed = fsync(descriptor);
    const int problem = errno;
    close(descriptor);
    // Some file systems cannot flush; that is not a failed write.
    if (flushed != 0 && problem != EINVAL) {
        refuse(target_, problem);
    }
    if (std::rename(aside_.c_str(), target_.c_str()) != 0) {
        refuse(target_, errno);
    }
    committed_ = true;
}

void writeFileWhole(const std::filesystem::path& path, std::string_view bytes) {
    FileAside file(path);
    file.write(bytes);
    file.commit();
}

} // namespace vitreous
