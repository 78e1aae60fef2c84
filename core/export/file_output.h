#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace vitreous {

/// Writes the bytes whole or not at all: to a hidden file in the same directory, flushed to disk, then
/// renamed over path. Throws Error{Resource}, path last (disk full, no permission); leaves nothing.
void writeFileWhole(const std::filesystem::path& path, std::string_view bytes);

/// SHA-256 of a file (or of a directory's files in name order), 64 lower-case hex digits. Remembers
/// the answer for a file until its size or time changes. Throws Error{Input}, path last.
std::string sha256OfFile(const std::filesystem::path& path);

} // namespace vitreous
