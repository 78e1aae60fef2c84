#pragma once

#include "core/nn/preprocess.h"
#include "core/train/pictures.h"
#include "core/train/recipe.h"

namespace vitreous {

/// The seed of the scenes that models are tested on, whatever they were trained with.
inline constexpr std::uint64_t testSeed = 0;

/// What openPictures is asked to keep of large pictures: the short side in pixels. An item has to
/// fit into its scene with room around.
int keptSide(const Recipe& recipe);

/// The picture of a training epoch: the scene or the picture itself, augmented, recipe.size square,
/// decided by the recipe's seed, the epoch and the index.
Image trainingPicture(
    const LabelledPictures& pictures,
    const Recipe& recipe,
    std::uint64_t epoch,
    std::size_t index);

/// The picture that a model is tested on: the fixed scene, or the picture, not augmented and not
/// resized.
Image testPicture(const LabelledPictures& pictures, const Recipe& recipe, std::size_t index);

/// The order of the training pictures in an epoch, recipe.limit of them where that is set.
std::vector<std::size_t>
epochOrder(std::size_t pictures, const Recipe& recipe, std::uint64_t epoch);

} // namespace vitreous
