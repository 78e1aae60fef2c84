#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vitreous {

/// The files that `video` writes, by kind.
struct VideoTargets {
    std::vector<std::filesystem::path> pages;    ///< .mp4, and directories of pictures
    std::vector<std::filesystem::path> figures;  ///< the filmstrip
    std::vector<std::filesystem::path> arrays;   ///< .npz, one a model for each that was asked for
    std::vector<std::filesystem::path> sidecars; ///< the .json beside each, once

    /// All of them but the sidecars.
    [[nodiscard]] std::vector<std::filesystem::path> all() const;
};

/// Sorts the outputs by extension. labels: the models'. Throws Error{Usage}, path last: an
/// extension that says nothing, two outputs of one name; Error{Resource}: a directory that is not
/// there.
VideoTargets videoTargets(
    const std::vector<std::filesystem::path>& outputs,
    const std::vector<std::string>& labels);

} // namespace vitreous
