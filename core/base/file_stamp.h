#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace vitreous {

/// What tells, without reading it, that a file is still the one that was read. Of a directory: of
/// its own files that are not hidden. The time of the last status change catches what keeps size
/// and modification time: `cp -p`, `mv`, `touch -r`.
struct FileStamp {
    struct Entry {
        std::uint64_t device = 0;
        std::uint64_t inode = 0;
        std::int64_t size = 0; ///< bytes
        /// Of modification and status change: seconds, then nanoseconds.
        std::array<std::int64_t, 4> times{};

        friend bool operator==(const Entry&, const Entry&) = default;
    };
    std::vector<Entry> files; ///< empty where there is nothing to be read

    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

/// The stamp of a file or a directory as it is now; empty where there is none. Never throws.
FileStamp stampOf(const std::filesystem::path& path);

} // namespace vitreous
