#pragma once

#include <filesystem>
#include <string>

#include "core/base/task.h"

namespace vitreous {

/// SHA-256 of a file, 64 lower-case hex digits. Of a directory: that of the text which
/// `LC_ALL=C sha256sum *` prints in it (its own files that are not hidden). Remembers the answer
/// for a file that rests until it changes. Throws Error{Input}, path last; Error{Interrupted}.
std::string sha256OfFile(const std::filesystem::path& path, const Task& task = {});

} // namespace vitreous
