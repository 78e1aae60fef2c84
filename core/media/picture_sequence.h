#pragma once

#include <cstddef>
#include <filesystem>

#include "core/base/image.h"

namespace vitreous {

/// Throws Error{Usage}, path last, where something other than an empty directory is there.
void requireFreeForPictures(const std::filesystem::path& directory);

/// A directory of PNG pictures in the making, `frame_00012.png`: written into a hidden directory
/// aside, there once finish() returns. Without finish() nothing stays.
class PictureSequence {
public:
    /// Throws Error{Usage} as requireFreeForPictures; Error{Resource} where the hidden one cannot
    /// be made.
    explicit PictureSequence(std::filesystem::path directory);
    ~PictureSequence();
    PictureSequence(const PictureSequence&) = delete;
    PictureSequence& operator=(const PictureSequence&) = delete;

    /// Writes the picture of that number. Several threads may. Throws Error{Resource}, path last.
    void add(std::size_t number, const Image& picture) const;
    /// Takes the directory's place. Throws Error{Resource}, path last.
    void finish();
    /// Where it will be.
    [[nodiscard]] const std::filesystem::path& path() const { return target_; }

private:
    std::filesystem::path target_;
    std::filesystem::path aside_;
    bool is_finished_ = false;
};

} // namespace vitreous
