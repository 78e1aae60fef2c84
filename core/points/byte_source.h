#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/task.h"

namespace vitreous {

/// A file read from its start in blocks, by lines or by bytes. Every block asks the task for a stop
/// and tells it the fraction read. Views and pointers hold until the next call.
class ByteSource {
public:
    /// Throws Error{Input}, path last: missing, a directory, no regular file, unreadable.
    ByteSource(const std::filesystem::path& path, const Task& task);

    /// The next line without its end (LF or CRLF); false at the end of the file.
    bool line(std::string_view& text);
    /// The next line that is not blank; false at the end of the file.
    bool filledLine(std::string_view& text);
    /// The next bytes; nullptr where the file has not as many left.
    const char* take(std::size_t bytes) {
        return bytes <= end_ - begin_ || fetch(bytes) ? passed(bytes) : nullptr;
    }
    /// Leaves bytes out; false where the file has not as many left.
    bool skip(std::uint64_t bytes);

    /// Bytes of the file that are still to come.
    [[nodiscard]] std::uint64_t remaining() const;
    /// Frees the memory of a large take(), whose bytes are no longer needed.
    void release();
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] const Task& task() const { return task_; }

    /// Throws Error{Input}, path last.
    [[noreturn]] void refuse(const std::string& what) const;
    /// The same, with the number of the latest line.
    [[noreturn]] void refuseLine(const std::string& what) const;

private:
    const char* passed(std::size_t bytes) {
        const char* start = buffer_.data() + begin_;
        begin_ += bytes;
        return start;
    }
    bool fetch(std::size_t bytes);
    bool fill();

    std::filesystem::path path_;
    const Task& task_;
    std::ifstream file_;
    std::uint64_t size_ = 0;
    std::uint64_t read_ = 0;
    std::vector<char> buffer_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::size_t line_ = 0;
};

} // namespace vitreous
