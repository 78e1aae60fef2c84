#pragma once

#include <cstdint>

#include "core/train/pictures.h"

namespace vitreous {

/// True where the directory holds IDX files of pictures.
bool isIdxDirectory(const std::filesystem::path& directory);

/// The pictures of a pair of IDX files, all in memory. Source: the format of the MNIST files.
class IdxPictures final : public LabelledPictures {
public:
    /// Throws Error{Input}, path last.
    IdxPictures(const std::filesystem::path& directory, Split split);

    [[nodiscard]] std::size_t size() const override { return labels_.size(); }
    [[nodiscard]] int label(std::size_t index) const override { return labels_[index]; }
    [[nodiscard]] Image picture(std::size_t index) const override;
    [[nodiscard]] const std::vector<std::string>& classes() const override { return classes_; }
    [[nodiscard]] const std::vector<std::string>& skipped() const override { return skipped_; }

private:
    void nameClasses(const std::filesystem::path& directory);

    int width_ = 0;
    int height_ = 0;
    std::vector<std::uint8_t> pixels_;
    std::vector<std::uint8_t> labels_;
    std::vector<std::string> classes_;
    std::vector<std::string> skipped_;
};

} // namespace vitreous
