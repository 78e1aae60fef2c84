#pragma once

#include <array>
#include <string>

namespace vitreous {

/// Resampling filters, named as Pillow names them.
enum class Filter { Nearest, Bilinear, Bicubic, Lanczos };

/// Where a centre crop begins, and where black margins go around a picture that is smaller.
enum class CropRule {
    Torchvision, ///< offsets rounded, halves to even; the larger margin right and below
    Transformers ///< offsets rounded down; the larger margin left and above
};

/// How a picture becomes a model's input. The default is the evaluation preprocessing of the
/// reference training code (analysis.md): short side to floor(size * 256 / 224), bicubic, centre
/// crop.
struct PreprocessSpec {
    int frames = 0;       ///< of a clip, each preprocessed alike; 0: a picture
    int channels = 3;     ///< 3, or 1 for models on gray pictures (ITU-R 601 luma, as Pillow)
    int crop_width = 224; ///< pixels, the model's input
    int crop_height = 224;
    bool resize_exact = false; ///< resize to (resize_width, resize_height), ignoring the aspect
    int resize_short = 256;    ///< short side after resizing, where resize_exact is false
    int resize_width = 0;
    int resize_height = 0;
    bool resize = true;
    bool crop = true;
    CropRule crop_rule = CropRule::Torchvision;
    Filter filter = Filter::Bicubic;
    double scale = 1.0 / 255.0; ///< from bytes to the range that mean and deviation are in
    std::array<float, 3> mean = {0.485f, 0.456f, 0.406f};
    std::array<float, 3> deviation = {0.229f, 0.224f, 0.225f};
    std::string source = "ImageNet defaults"; ///< who said so, for the provenance

    friend bool operator==(const PreprocessSpec&, const PreprocessSpec&) = default;
};

} // namespace vitreous
