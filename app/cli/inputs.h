#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/inputs/input_file.h"

namespace vitreous::cli {

/// A file to be analysed.
struct InputFile {
    std::filesystem::path path;
    InputKind kind = InputKind::Picture;
    bool is_named = true; ///< by itself, not found in a directory

    friend bool operator==(const InputFile&, const InputFile&) = default;
};

/// The files that the `--input` arguments stand for, each once, and what could not be used.
struct InputList {
    std::vector<InputFile> files;
    std::vector<std::string> failures; ///< messages, path last
};

/// Directories become their pictures, point clouds and videos in name order (hidden files left out,
/// no descent; nothing that may be something else too, as `.txt`, `.csv` and `.npy` may); files
/// stay as they are, in the order given. A directory with none of them is a failure.
InputList expandInputs(const std::vector<std::filesystem::path>& paths);

/// A directory's pictures, as expandInputs has them. Throws Error{Input}, path last, where there is
/// none.
std::vector<std::filesystem::path> picturesIn(const std::filesystem::path& directory);

} // namespace vitreous::cli
