#include "core/train/samples.h"

#include <algorithm>
#include <numeric>

#include "core/nn/resample.h"
#include "core/train/augment.h"
#include "core/train/clutter.h"
#include "core/train/random.h"

namespace vitreous {
namespace {

// Keys that tell the streams of one seed apart.
constexpr std::uint64_t kOrderKey = 1;
constexpr std::uint64_t kAugmentKey = 2;

/// Scaled so that its short side is that long.
Image withShortSide(Image image, int side) {
    const int shorter = std::min(image.width, image.height);
    if (shorter == side) {
        return image;
    }
    const auto scaled = [&](int length) {
        return length == shorter ? side : int(std::int64_t{length} * side / shorter);
    };
    return resample(image, scaled(image.width), scaled(image.height), Filter::Bicubic);
}

} // namespace

int keptSide(const Recipe& recipe) {
    return recipe.clutter > 0 ? std::max(1, recipe.clutter / 2) : recipe.size;
}

Image trainingPicture(
    const LabelledPictures& pictures,
    const Recipe& recipe,
    std::uint64_t epoch,
    std::size_t index) {
    Random random{recipe.seed, kAugmentKey, epoch, index};
    // The scenes of training are others than those of the test, whose seed is 0.
    Image image =
        recipe.clutter > 0
            ? composeScene(pictures, {recipe.seed + 1, epoch + 1, index}, recipe.clutter).image
            : pictures.picture(index);
    return augment(withShortSide(std::move(image), recipe.size), recipe, random);
}

Image testPicture(const LabelledPictures& pictures, const Recipe& recipe, std::size_t index) {
    return recipe.clutter > 0 ? composeScene(pictures, {testSeed, 0, index}, recipe.clutter).image
                              : pictures.picture(index);
}

std::vector<std::size_t>
epochOrder(std::size_t pictures, const Recipe& recipe, std::uint64_t epoch) {
    std::vector<std::size_t> order(pictures);
    std::iota(order.begin(), order.end(), std::size_t{0});
    Random random{recipe.seed, kOrderKey, epoch};
    for (std::size_t i = pictures; i > 1; --i) {
        std::swap(order[i - 1], order[static_cast<std::size_t>(random.below(int(i)))]);
    }
    if (recipe.limit > 0 && std::size_t(recipe.limit) < pictures) {
        order.resize(std::size_t(recipe.limit));
    }
    return order;
}

} // namespace vitreous
