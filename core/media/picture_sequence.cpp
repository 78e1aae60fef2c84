#include "core/media/picture_sequence.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include <unistd.h>

#include "core/base/error.h"
#include "core/media/image_file.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t least_digits = 5;

/// Without the slash at its end, which would leave no name.
fs::path plain(const fs::path& directory) {
    const fs::path normal = fs::absolute(directory).lexically_normal();
    return normal.has_filename() ? normal : normal.parent_path();
}

} // namespace

void requireFreeForPictures(const fs::path& directory) {
    std::error_code problem;
    const fs::path target = plain(directory);
    const fs::file_status status = fs::status(target, problem);
    if (fs::exists(status) && !(fs::is_directory(status) && fs::is_empty(target, problem))) {
        throw Error(
            ErrorCode::Usage,
            "something is there already, expected a new or an empty directory for the pictures: " +
                target.string());
    }
}

PictureSequence::PictureSequence(fs::path directory) : target_(plain(directory)) {
    requireFreeForPictures(target_);
    std::error_code problem;
    aside_ = target_.parent_path() /
             ("." + target_.filename().string() + "." + std::to_string(getpid()) + ".part");
    fs::create_directories(aside_, problem);
    if (problem) {
        throw Error(
            ErrorCode::Resource,
            "cannot be written (" + problem.message() + "): " + target_.string());
    }
}

PictureSequence::~PictureSequence() {
    if (!is_finished_) {
        std::error_code ignored;
        fs::remove_all(aside_, ignored);
    }
}

void PictureSequence::add(std::size_t number, const Image& picture) const {
    const std::string digits = std::to_string(number);
    const std::string zeros(least_digits - std::min(least_digits, digits.size()), '0');
    writePng(aside_ / ("frame_" + zeros + digits + ".png"), picture);
}

void PictureSequence::finish() {
    std::error_code problem;
    fs::rename(aside_, target_, problem);
    if (problem) {
        throw Error(
            ErrorCode::Resource,
            "cannot be written (" + problem.message() + "): " + target_.string());
    }
    is_finished_ = true;
}

} // namespace vitreous
