#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/inputs/input_file.h"

namespace vitreous::cli {

/// The files that the `--input` arguments stand for, each once, and what could not be used.
struct InputList {
    std::vector<std::filesystem::path> files;
    std::vector<std::string> failures; ///< messages, path last
};

/// Directories become their pictures in name order (hidden files left out, no descent); files stay
/// as they are, in the order given. A missing path or a directory without a picture is a failure.
InputList expandInputs(const std::vector<std::filesystem::path>& paths);

} // namespace vitreous::cli
