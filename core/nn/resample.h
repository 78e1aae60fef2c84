#pragma once

#include "core/base/image.h"
#include "core/nn/preprocess_spec.h"

namespace vitreous {

/// Resizes an 8-bit picture exactly as Pillow's Image.resize does (22-bit fixed point, a horizontal
/// pass, then a vertical one, each clipped to bytes). Width and height are positive.
/// Throws Error{Input} where the picture or the size is empty. Source: analysis.md, Preprocessing.
Image resample(const Image& image, int width, int height, Filter filter);

} // namespace vitreous
