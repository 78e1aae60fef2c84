#pragma once

#include <filesystem>
#include <string_view>

namespace vitreous {

/// A file in the making: written aside, in the same directory under a hidden name, and renamed over
/// its target by commit(). Without commit() nothing stays. Written with write(), or by others at
/// path().
class FileAside {
public:
    explicit FileAside(std::filesystem::path target);
    FileAside(const FileAside&) = delete;
    FileAside& operator=(const FileAside&) = delete;
    ~FileAside();

    /// Where to write.
    [[nodiscard]] const std::filesystem::path& path() const { return aside_; }
    /// Appends bytes; the first call begins the file. Throws Error{Resource}, path last (disk full,
    /// no permission).
    void write(std::string_view bytes);
    /// Flushes to the disk and takes the target's place. Throws Error{Resource}, path last.
    void commit();

private:
    std::filesystem::path target_;
    std::filesystem::path aside_;
    int descriptor_ = -1; ///< of what write() began
    bool committed_ = false;
};

/// Writes the bytes whole or not at all. Throws Error{Resource}, path last (disk full, no
/// permission); leaves nothing.
void writeFileWhole(const std::filesystem::path& path, std::string_view bytes);

} // namespace vitreous
