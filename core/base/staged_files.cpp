#include "core/base/staged_files.h"

#include <algorithm>
#include <atomic>
#include <system_error>

#include <unistd.h>

#include "core/base/error.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& target, const std::string& why) {
    throw Error(ErrorCode::Resource, "cannot be written, " + why + ": " + target.string());
}

/// Without the slash at its end, which would leave no name.
fs::path withName(const fs::path& path) {
    return path.has_filename() ? path : path.parent_path();
}

/// A name of this process alone.
std::string hiddenName() {
    static std::atomic<unsigned> counter = 0;
    return ".vitreous." + std::to_string(getpid()) + "." + std::to_string(counter++) + ".part";
}

} // namespace

StagedFiles::~StagedFiles() {
    std::error_code ignored;
    for (const fs::path& folder : folders_) {
        fs::remove_all(folder, ignored);
    }
    // Those that hold something by now stay.
    std::for_each(
        made_.rbegin(), made_.rend(), [&](const fs::path& folder) { fs::remove(folder, ignored); });
}

/// Each has a hidden directory of its own: of one that all share, names could clash.
fs::path StagedFiles::asideIn(const fs::path& folder) {
    const fs::path hidden = folder / hiddenName();
    std::error_code problem;
    fs::create_directory(hidden, problem);
    if (problem) {
        refuse(folder, problem.message());
    }
    folders_.push_back(hidden);
    return hidden;
}

fs::path StagedFiles::file(const fs::path& target) {
    std::error_code problem;
    const fs::file_type type = fs::status(target, problem).type();
    // Renaming would replace a device or a pipe by a file.
    if (type != fs::file_type::not_found && type != fs::file_type::regular) {
        refuse(target, "expected a file or nothing there");
    }
    const fs::path aside = asideIn(target.parent_path()) / target.filename();
    staged_.push_back({aside, target, false});
    return aside;
}

void StagedFiles::makeFolders(const fs::path& folder, const fs::path& target) {
    std::error_code problem;
    if (folder.empty() || fs::is_directory(folder, problem)) {
        return;
    }
    makeFolders(folder.parent_path(), target);
    fs::create_directory(folder, problem);
    if (problem) {
        refuse(target, problem.message());
    }
    made_.push_back(folder);
}

fs::path StagedFiles::directory(const fs::path& target) {
    const fs::path place = withName(target);
    makeFolders(place.parent_path(), place);
    const fs::path aside = asideIn(place.parent_path()) / place.filename();
    staged_.push_back({aside, place, true});
    return aside / "";
}

std::string StagedFiles::plain(std::string message) const {
    for (const Staged& one : staged_) {
        const std::string aside = one.aside.string();
        for (std::size_t at = message.find(aside); at != std::string::npos;
             at = message.find(aside, at)) {
            message.replace(at, aside.size(), one.target.string());
        }
    }
    return message;
}

void StagedFiles::takeBack(const std::vector<bool>& was_there, std::size_t count) {
    std::error_code ignored;
    for (std::size_t i = 0; i < count; ++i) {
        if (!was_there[i]) {
            fs::remove_all(staged_[i].target, ignored);
        }
    }
}

void StagedFiles::commit() {
    std::error_code problem;
    std::vector<bool> was_there;
    for (const Staged& one : staged_) {
        if (!fs::exists(fs::symlink_status(one.aside, problem))) {
            refuse(one.target, "what was written aside is gone");
        }
        const fs::file_type type = fs::status(one.target, problem).type();
        const fs::file_type expected =
            one.is_directory ? fs::file_type::directory : fs::file_type::regular;
        if (type != fs::file_type::not_found && type != expected) {
            refuse(one.target, "something else is there by now");
        }
        was_there.push_back(fs::exists(fs::symlink_status(one.target, problem)));
    }
    std::string replaced;
    for (std::size_t i = 0; i < staged_.size(); ++i) {
        const Staged& one = staged_[i];
        fs::rename(one.aside, one.target, problem);
        if (problem) {
            takeBack(was_there, i);
            refuse(
                one.target, problem.message() +
                                (replaced.empty() ? "" : " (replaced already:" + replaced + ")"));
        }
        if (was_there[i] && !one.is_directory) {
            replaced += " " + one.target.string();
        }
    }
    staged_.clear();
    made_.clear();
}

} // namespace vitreous
