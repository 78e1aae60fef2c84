#pragma once

#include <string>
#include <vector>

#include "core/base/array.h"
#include "core/base/image.h"
#include "core/base/index.h"
#include "core/nn/preprocess_spec.h"

namespace vitreous {

/// A model's input and the picture it was cut from.
struct PreparedInput {
    /// (channels, height, width), of a clip (channels, frames, height, width), normalised; of a
    /// point cloud (points, 3)
    Array input;
    Image picture{}; ///< 8-bit RGB, the same crop at the same size; empty for other inputs
    std::vector<Image> pictures{}; ///< of a clip, one a frame, in order; else none
    /// Of a clip out of a video: which frames of it, one for each of the clip; else none.
    std::vector<FrameIndex> frames{};
    /// What of the video could not be read, one line; empty: nothing.
    std::string loss{};

    friend bool operator==(const PreparedInput&, const PreparedInput&) = default;
};

/// Where a picture lies in a model's input.
struct Placement {
    int width = 0; ///< of the whole picture after resizing, pixels of the input
    int height = 0;
    int left = 0; ///< its top left corner in the input: negative where it is cropped, positive
    int top = 0;  ///< behind a margin

    friend bool operator==(const Placement&, const Placement&) = default;
};

/// The geometry of preprocess() for a picture of that size in pixels, without the pixels.
/// Throws Error{Input} as preprocess() does.
Placement placementOf(int width, int height, const PreprocessSpec& spec);

/// Resizes, crops and normalises a picture, byte for byte as Pillow and torchvision do.
/// Throws Error{Input} where the picture is empty. Source: analysis.md, Preprocessing.
PreparedInput preprocess(const Image& image, const PreprocessSpec& spec);

/// The part of a picture that a model sees: resized and cropped as preprocess() does, its bytes not
/// normalised. Throws Error{Input} as preprocess() does.
Image cutOut(const Image& image, const PreprocessSpec& spec);
/// The input of a picture that was cut out already.
PreparedInput inputOf(Image cut_out, const PreprocessSpec& spec);
/// A clip of frames that were cut out already. Throws Error{Input} where they are not spec.frames.
PreparedInput clipOf(std::vector<Image> cut_out, const PreprocessSpec& spec);
/// The frames of a clip, each as preprocess() does. Throws Error{Input} where they are not
/// spec.frames, and as preprocess() does. Source: analysis.md, Preprocessing.
PreparedInput preprocessClip(const std::vector<Image>& frames, const PreprocessSpec& spec);

/// Takes an input that is preprocessed already, (channels, height, width), of a clip (channels,
/// frames, height, width), and makes the pictures for it by undoing spec's normalisation (clipped
/// to 0..255).
/// Throws Error{Input} where the shape is not spec's channels x frames x crop_height x crop_width.
PreparedInput fromTensor(const Array& input, const PreprocessSpec& spec);

} // namespace vitreous
