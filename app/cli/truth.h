#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/base/image.h"
#include "core/base/mask.h"

namespace vitreous::cli {

/// A directory of object masks, found by the stem of their picture's name.
class MaskFolder {
public:
    /// Throws Error{Input}, path last, where it is no directory or has no picture in it.
    explicit MaskFolder(const std::filesystem::path& directory);

    /// The mask of a picture. Throws Error{Input}, path last: there is none or more than one, it
    /// cannot be read, its size is not the picture's.
    [[nodiscard]] Mask maskOf(const std::filesystem::path& picture, const Image& image) const;

private:
    std::filesystem::path directory_;
    std::map<std::string, std::vector<std::filesystem::path>> files_{}; ///< by stem
};

/// The pictures of a directory in name order. Throws Error{Input}, path last, where it is no
/// directory or has none.
std::vector<std::filesystem::path> picturesOf(const std::filesystem::path& directory);

} // namespace vitreous::cli
