#pragma once

#include "core/base/image.h"
#include "core/train/random.h"
#include "core/train/recipe.h"

namespace vitreous {

/// Changes a training picture at random as the recipe says: crop, flip, colour. The result is
/// recipe.size pixels square; a larger picture without `crop` is cropped at its centre.
Image augment(const Image& image, const Recipe& recipe, Random& random);

/// The weight of the first picture when two are mixed: Beta(alpha, alpha). alpha > 0.
/// Source: Zhang et al., mixup, arXiv 1710.09412.
double mixupWeight(double alpha, Random& random);

} // namespace vitreous
