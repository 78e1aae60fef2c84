#include "core/train/picture_data.h"

#include <algorithm>
#include <array>
#include <span>

#include "core/nn/preprocess.h"
#include "core/train/digest.h"
#include "core/train/samples.h"
#include "core/train/training_model.h"

namespace vitreous {
namespace {

/// The picture's normalised values, channel by channel.
Array normalised(const Image& image, const PreprocessSpec& spec) {
    std::array<std::array<float, 256>, 3> table{};
    for (std::size_t channel = 0; channel < 3; ++channel) {
        for (std::size_t byte = 0; byte < 256; ++byte) {
            table[channel][byte] =
                (float(byte) / 255.0f - spec.mean[channel]) / spec.deviation[channel];
        }
    }
    const std::size_t pixels = image.pixels.size() / 3;
    Array result{{3, image.height, image.width}, std::vector<float>(image.pixels.size())};
    for (std::size_t channel = 0; channel < 3; ++channel) {
        for (std::size_t i = 0; i < pixels; ++i) {
            result.values[channel * pixels + i] = table[channel][image.pixels[i * 3 + channel]];
        }
    }
    return result;
}

} // namespace

PictureData::PictureData(std::unique_ptr<LabelledPictures> pictures, const Recipe& recipe)
    : pictures_(std::move(pictures)), recipe_(recipe) {}

Sample PictureData::training(std::uint64_t epoch, std::size_t index) const {
    return {normalised(
        trainingPicture(*pictures_, recipe_, epoch, index), trainingPreprocess(recipe_.size))};
}

Sample PictureData::testing(std::size_t index) const {
    return {preprocess(testPicture(*pictures_, recipe_, index), trainingPreprocess(recipe_.size))
                .input};
}

std::string PictureData::digest() const {
    constexpr std::size_t most_looked_at = 16;
    Digest digest;
    std::vector<int> labels;
    for (std::size_t i = 0; i < size(); ++i) {
        labels.push_back(label(i));
    }
    digest.add(std::as_bytes(std::span(labels)));
    const std::size_t looked_at = std::min(most_looked_at, size());
    for (std::size_t i = 0; i < looked_at; ++i) {
        const Image image = pictures_->picture(i * (size() / looked_at));
        digest.add(std::as_bytes(std::span(image.pixels)));
    }
    return digest.text();
}

} // namespace vitreous
