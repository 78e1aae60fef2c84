#pragma once

#include "core/base/image.h"
#include "core/nn/preprocess_spec.h"

namespace vitreous {

/// Resizes an 8-bit picture exactly as Pillow's Image.resize does (22-bit fixed point, a horizontal
/// pass, then a vertical one, each clipped to bytes). Width and height are positive.
/// Throws Error{Input} where the picture or the size is empty. Source: analysis.md, Preprocessing.
Image resample(const Image& image, int width, int height, Filter filter);

/// A part of a picture, in its pixels.
struct PixelBox {
    int left = 0;
    int top = 0;
    int width = 0;
    int height = 0;
};
/// That part of what resample() gives, without making the rest. Throws Error{Input} as resample();
/// Error{Usage} where the part is empty or not within the result.
Image resamplePart(const Image& image, int width, int height, Filter filter, const PixelBox& part);

} // namespace vitreous
