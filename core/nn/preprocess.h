#pragma once

#include "core/base/array.h"
#include "core/base/image.h"
#include "core/nn/preprocess_spec.h"

namespace vitreous {

/// A model's input and the picture it was cut from.
struct PreparedImage {
    Array input;   ///< (channels, height, width), normalised
    Image picture; ///< 8-bit RGB, the same crop at the same size, for showing under the maps

    friend bool operator==(const PreparedImage&, const PreparedImage&) = default;
};

/// Resizes, crops and normalises a picture, byte for byte as Pillow and torchvision do.
/// Throws Error{Input} where the picture is empty. Source: analysis.md, Preprocessing.
PreparedImage preprocess(const Image& image, const PreprocessSpec& spec);

/// Takes an input that is preprocessed already, (channels, height, width), and makes the picture
/// for it by undoing spec's normalisation (clipped to 0..255).
/// Throws Error{Input} where the shape is not spec's channels x crop_height x crop_width.
PreparedImage fromTensor(const Array& input, const PreprocessSpec& spec);

} // namespace vitreous
