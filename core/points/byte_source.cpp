#include "core/points/byte_source.h"

#include <algorithm>
#include <cstring>

#include "core/base/error.h"

namespace vitreous {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 18;
constexpr std::size_t kMostLine = std::size_t{1} << 20; // bytes; no row of numbers comes near

} // namespace

ByteSource::ByteSource(const std::filesystem::path& path, const Task& task)
    : path_(path), task_(task) {
    std::error_code problem;
    const auto status = std::filesystem::status(path, problem);
    if (std::filesystem::is_directory(status)) {
        refuse("is a directory, expected a file of points");
    }
    size_ = std::filesystem::file_size(path, problem);
    if (problem) {
        refuse("cannot be read, " + problem.message());
    }
    file_.open(path, std::ios::binary);
    if (!file_) {
        refuse("cannot be read, expected a file that may be opened");
    }
}

void ByteSource::refuse(const std::string& what) const {
    throw Error(ErrorCode::Input, what + ": " + path_.string());
}

void ByteSource::refuseLine(const std::string& what) const {
    refuse("line " + std::to_string(line_) + ": " + what);
}

std::uint64_t ByteSource::remaining() const {
    const std::uint64_t passed = read_ - (end_ - begin_);
    return size_ - std::min(size_, passed); // a file may grow while it is read
}

bool ByteSource::fill() {
    task_.checkStop();
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    buffer_.resize(std::max(buffer_.size(), end_ + kBlock));
    file_.read(buffer_.data() + end_, std::streamsize(kBlock));
    if (file_.bad()) {
        refuse("cannot be read on from byte " + std::to_string(read_));
    }
    const auto count = static_cast<std::size_t>(file_.gcount());
    end_ += count;
    read_ += count;
    task_.report(
        std::min(1.0, double(read_) / double(std::max<std::uint64_t>(1, size_))), "reading points");
    return count > 0;
}

void ByteSource::release() {
    buffer_ = std::vector<char>(
        buffer_.begin() + std::ptrdiff_t(begin_), buffer_.begin() + std::ptrdiff_t(end_));
    end_ -= begin_;
    begin_ = 0;
}

bool ByteSource::fetch(std::size_t bytes) {
    while (end_ - begin_ < bytes) {
        if (!fill()) {
            return false;
        }
    }
    return true;
}

bool ByteSource::skip(std::uint64_t bytes) {
    while (bytes > end_ - begin_) {
        bytes -= end_ - begin_;
        begin_ = end_;
        if (!fill()) {
            return false;
        }
    }
    begin_ += std::size_t(bytes);
    return true;
}

bool ByteSource::line(std::string_view& text) {
    ++line_;
    std::size_t searched = 0;
    bool is_last = false;
    const void* found = nullptr;
    for (;;) {
        const std::size_t held = end_ - begin_;
        if (held > searched) {
            found = std::memchr(buffer_.data() + begin_ + searched, '\n', held - searched);
        }
        if (found != nullptr || is_last) {
            break;
        }
        searched = held;
        if (held > kMostLine) {
            refuseLine("goes on for over " + std::to_string(kMostLine) + " bytes, expected text");
        }
        is_last = !fill();
    }
    if (found == nullptr && begin_ == end_) {
        return false;
    }
    const char* start = buffer_.data() + begin_;
    const std::size_t length =
        found == nullptr ? end_ - begin_ : std::size_t(static_cast<const char*>(found) - start);
    begin_ += length + (found == nullptr ? 0 : 1);
    text = {start, length};
    if (text.ends_with('\r')) {
        text.remove_suffix(1);
    }
    return true;
}

bool ByteSource::filledLine(std::string_view& text) {
    while (line(text)) {
        if (text.find_first_not_of(" \t\r\f\v") != std::string_view::npos) {
            return true;
        }
    }
    return false;
}

} // namespace vitreous
