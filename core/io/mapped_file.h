#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace vitreous {

/// A file's bytes, mapped read-only. Shared by every tensor that lies in it.
class MappedFile {
public:
    /// Throws Error{Model}, path last: missing, a directory, unreadable, empty.
    static std::shared_ptr<const MappedFile> open(const std::filesystem::path& path);

    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;
    ~MappedFile();

    [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

private:
    explicit MappedFile(std::span<const std::byte> bytes) : bytes_(bytes) {}

    std::span<const std::byte> bytes_;
};

} // namespace vitreous
