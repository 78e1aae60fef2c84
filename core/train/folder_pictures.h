#pragma once

#include "core/train/pictures.h"

namespace vitreous {

/// The pictures of a directory with one directory a class, all in memory. See openPictures.
class FolderPictures final : public LabelledPictures {
public:
    /// Throws Error{Input}, path last; Error{Interrupted}.
    FolderPictures(
        const std::filesystem::path& directory,
        Split split,
        int short_side,
        const Task& task);

    [[nodiscard]] std::size_t size() const override { return pictures_.size(); }
    [[nodiscard]] int label(std::size_t index) const override { return labels_[index]; }
    [[nodiscard]] Image picture(std::size_t index) const override { return pictures_[index]; }
    [[nodiscard]] const std::vector<std::string>& classes() const override { return classes_; }
    [[nodiscard]] const std::vector<std::string>& skipped() const override { return skipped_; }

private:
    void read(const std::filesystem::path& file, int label, int short_side);

    std::vector<Image> pictures_;
    std::vector<int> labels_;
    std::vector<std::string> classes_;
    std::vector<std::string> skipped_;
};

} // namespace vitreous
