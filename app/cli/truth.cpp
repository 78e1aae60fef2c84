#include "app/cli/truth.h"

#include <system_error>

#include "app/cli/inputs.h"
#include "core/base/error.h"
#include "core/media/image_file.h"

namespace vitreous::cli {
namespace {

namespace fs = std::filesystem;

std::string sizeText(int width, int height) {
    return std::to_string(width) + " x " + std::to_string(height);
}

} // namespace

std::vector<fs::path> picturesOf(const fs::path& directory) {
    std::error_code problem;
    if (!fs::is_directory(directory, problem)) {
        throw Error(ErrorCode::Input, "expected a directory of pictures: " + directory.string());
    }
    return picturesIn(directory);
}

MaskFolder::MaskFolder(const fs::path& directory) : directory_(directory) {
    for (const fs::path& file : picturesOf(directory)) {
        files_[file.stem().string()].push_back(file);
    }
}

Mask MaskFolder::maskOf(const fs::path& picture, const Image& image) const {
    const auto found = files_.find(picture.stem().string());
    if (found == files_.end()) {
        throw Error(
            ErrorCode::Input, "no mask, expected " + (directory_ / picture.stem()).string() +
                                  ".png or another picture of that name: " + picture.string());
    }
    const std::vector<fs::path>& files = found->second;
    if (files.size() > 1) {
        throw Error(
            ErrorCode::Input, "more than one mask, " + files[0].string() + " and " +
                                  files[1].string() + ": " + picture.string());
    }
    Mask mask = readMask(files.front());
    if (mask.width != image.width || mask.height != image.height) {
        throw Error(
            ErrorCode::Input, "the mask is " + sizeText(mask.width, mask.height) +
                                  " pixels, its picture " + sizeText(image.width, image.height) +
                                  ": " + files.front().string());
    }
    return mask;
}

} // namespace vitreous::cli
