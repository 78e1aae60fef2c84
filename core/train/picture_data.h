#pragma once

#include <memory>

#include "core/train/labelled_data.h"

namespace vitreous {

/// Pictures, or scenes made of them, normalised as trainingPreprocess() says.
class PictureData final : public LabelledData {
public:
    PictureData(std::unique_ptr<LabelledPictures> pictures, const Recipe& recipe);

    [[nodiscard]] std::size_t size() const override { return pictures_->size(); }
    [[nodiscard]] int label(std::size_t index) const override { return pictures_->label(index); }
    [[nodiscard]] const std::vector<std::string>& classes() const override {
        return pictures_->classes();
    }
    [[nodiscard]] const std::vector<std::string>& skipped() const override {
        return pictures_->skipped();
    }
    [[nodiscard]] Sample training(std::uint64_t epoch, std::size_t index) const override;
    [[nodiscard]] Sample testing(std::size_t index) const override;
    [[nodiscard]] std::string digest() const override;

private:
    std::unique_ptr<LabelledPictures> pictures_;
    Recipe recipe_;
};

} // namespace vitreous
