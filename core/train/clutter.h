#pragma once

#include <cstdint>
#include <vector>

#include "core/base/image.h"
#include "core/train/pictures.h"

namespace vitreous {

/// A picture with one object in it and where that object is.
struct Scene {
    Image image;
    std::vector<std::uint8_t> mask; ///< height * width, 255 where the object is, else 0
};

/// What makes a scene: every scene is decided by these numbers and the pictures alone.
struct SceneKey {
    std::uint64_t seed = 0;
    std::uint64_t epoch = 0; ///< training shows each item in a new scene every epoch; tests: 0
    std::uint64_t item = 0;  ///< index of the picture that is the object
};

/// Places the item, tinted, at a random place and scale (0.9 to 1.8) on a canvas of side * side
/// pixels over a busy background: a gradient, fragments of other items, noise. The item's dark
/// pixels are see-through (an object is where a picture of FashionMNIST or MNIST is not 0).
/// Throws Error{Input} where side is smaller than the item at its smallest.
Scene composeScene(const LabelledPictures& pictures, const SceneKey& key, int side);

/// A moment of that scene in which the item moves once around over the background, which stays.
/// time: 0..1 of the way, 1 being where 0 is. Throws as composeScene.
Scene composeMoment(const LabelledPictures& pictures, const SceneKey& key, int side, double time);

} // namespace vitreous
