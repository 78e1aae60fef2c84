#include "core/io/zip_index.h"

#include <algorithm>
#include <optional>

#include "core/base/error.h"
#include "core/io/printable.h"

namespace vitreous {
namespace {

constexpr std::uint64_t kEndSign = 0x06054b50;
constexpr std::size_t kEndSize = 22;
constexpr std::uint64_t kLocatorSign = 0x07064b50;
constexpr std::size_t kLocatorSize = 20;
constexpr std::uint64_t kEnd64Sign = 0x06064b50;
constexpr std::size_t kEnd64Size = 56;
constexpr std::uint64_t kEntrySign = 0x02014b50;
constexpr std::size_t kEntrySize = 46;

/// Little-endian numbers of a file; a position beyond its end gives nothing.
class Numbers {
public:
    explicit Numbers(std::span<const std::byte> file) : file_(file) {}

    [[nodiscard]] bool has(std::uint64_t at, std::uint64_t count) const {
        return at <= file_.size() && count <= file_.size() - at;
    }
    [[nodiscard]] std::uint64_t read(std::uint64_t at, std::size_t count) const {
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < count && has(at, i + 1); ++i) {
            value |= std::uint64_t(file_[at + i]) << (8 * i);
        }
        return value;
    }
    [[nodiscard]] std::string_view text(std::uint64_t at, std::size_t count) const {
        return {reinterpret_cast<const char*>(file_.data()) + at, count};
    }

private:
    std::span<const std::byte> file_;
};

struct Directory {
    std::uint64_t offset = 0;
    std::uint64_t count = 0;
};

std::optional<Directory> findDirectory(const Numbers& numbers, std::size_t file_size) {
    constexpr std::size_t kMostComment = 0xffff;
    if (file_size < kEndSize) {
        return std::nullopt;
    }
    const std::size_t last = file_size - kEndSize;
    for (std::size_t back = 0; back <= std::min(last, kMostComment); ++back) {
        const std::size_t end = last - back;
        if (numbers.read(end, 4) != kEndSign) {
            continue;
        }
        if (end >= kLocatorSize && numbers.read(end - kLocatorSize, 4) == kLocatorSign) {
            const std::uint64_t end64 = numbers.read(end - kLocatorSize + 8, 8);
            if (numbers.has(end64, kEnd64Size) && numbers.read(end64, 4) == kEnd64Sign) {
                return Directory{numbers.read(end64 + 48, 8), numbers.read(end64 + 32, 8)};
            }
        }
        return Directory{numbers.read(end + 16, 4), numbers.read(end + 10, 2)};
    }
    return std::nullopt;
}

/// The size in the file: beyond 4 GB the zip64 extra field holds it, after the original size if
/// that one is large too.
std::optional<std::uint64_t> sizeOf(const Numbers& numbers, std::uint64_t entry) {
    constexpr std::uint64_t kElsewhere = 0xffffffff;
    const std::uint64_t size = numbers.read(entry + 20, 4);
    if (size != kElsewhere) {
        return size;
    }
    std::uint64_t at = entry + kEntrySize + numbers.read(entry + 28, 2);
    const std::uint64_t end = at + numbers.read(entry + 30, 2);
    while (at + 4 <= end) {
        const std::uint64_t kind = numbers.read(at, 2);
        const std::uint64_t length = numbers.read(at + 2, 2);
        const std::uint64_t skipped = numbers.read(entry + 24, 4) == kElsewhere ? 8 : 0;
        if (kind == 1 && length >= skipped + 8 && at + 4 + length <= end) {
            return numbers.read(at + 4 + skipped, 8);
        }
        at += 4 + length;
    }
    return std::nullopt;
}

} // namespace

ZipIndex::ZipIndex(std::span<const std::byte> file, const std::string& path) {
    const auto refuse = [&path](const std::string& what) {
        throw Error(ErrorCode::Model, "a damaged zip archive, " + what + ": " + path);
    };
    const Numbers numbers(file);
    const std::optional<Directory> directory = findDirectory(numbers, file.size());
    if (!directory || directory->count > file.size() / kEntrySize) {
        refuse("its directory is missing at byte " + std::to_string(file.size()));
    }
    std::uint64_t at = directory->offset;
    std::string_view folder;
    for (std::uint64_t i = 0; i < directory->count; ++i) {
        const std::uint64_t name_length = numbers.read(at + 28, 2);
        const std::uint64_t length =
            kEntrySize + name_length + numbers.read(at + 30, 2) + numbers.read(at + 32, 2);
        if (!numbers.has(at, kEntrySize) || !numbers.has(at, length) ||
            numbers.read(at, 4) != kEntrySign) {
            refuse("its directory breaks off at byte " + std::to_string(at));
        }
        std::string_view name = numbers.text(at + kEntrySize, name_length);
        if (i == 0) {
            folder = name.substr(0, name.find('/') + 1);
        }
        const std::optional<std::uint64_t> size = sizeOf(numbers, at);
        const bool encrypted = (numbers.read(at + 8, 2) & 1U) != 0;
        const bool stored = numbers.read(at + 10, 2) == 0 && !encrypted;
        at += length;
        if (!name.starts_with(folder)) {
            continue;
        }
        name.remove_prefix(folder.size());
        if (!size || !records_.emplace(name, ZipRecord{stored, *size}).second) {
            refuse("its record " + printable(name) + " has no size or is there twice");
        }
    }
}

const ZipRecord* ZipIndex::find(std::string_view name) const {
    const auto it = records_.find(name);
    return it != records_.end() ? &it->second : nullptr;
}

} // namespace vitreous
