#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace vitreous {

/// What a zip archive's central directory says of one record.
struct ZipRecord {
    bool stored = false;    ///< as it is: neither compressed nor encrypted
    std::uint64_t size = 0; ///< bytes in the file
};

/// The central directory of an archive that torch.save wrote. Source: PKWARE APPNOTE 4.3.12 to
/// 4.3.16 (zip64 included). LibTorch's reader tells where a record begins, this one how long it is
/// and whether it can be used in place.
class ZipIndex {
public:
    /// file: the whole archive; it has to outlive the index. Throws Error{Model}, path last, where
    /// the directory is damaged or two records share a name.
    ZipIndex(std::span<const std::byte> file, const std::string& path);

    /// The record of that name below the archive's folder ("data.pkl", "data/0"), or nullptr.
    [[nodiscard]] const ZipRecord* find(std::string_view name) const;

private:
    std::unordered_map<std::string_view, ZipRecord> records_;
};

} // namespace vitreous
