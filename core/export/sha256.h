#pragma once

#include <filesystem>
#include <string>

namespace vitreous {

/// SHA-256 of a file (or of a directory's files in name order), 64 lower-case hex digits. Remembers
/// the answer for a file until its size or time changes. Throws Error{Input}, path last.
std::string sha256OfFile(const std::filesystem::path& path);

} // namespace vitreous
