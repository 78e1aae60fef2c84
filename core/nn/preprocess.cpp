#include "core/nn/preprocess.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "core/base/error.h"
#include "core/nn/resample.h"

namespace vitreous {
namespace {

/// ITU-R 601 luma in Pillow's 16-bit fixed point.
Image toGray(const Image& image) {
    Image gray = image;
    for (std::size_t i = 0; i + 2 < gray.pixels.size(); i += 3) {
        const std::uint32_t luma = gray.pixels[i] * 19595U + gray.pixels[i + 1] * 38470U +
                                   gray.pixels[i + 2] * 7471U + 0x8000U;
        std::fill_n(
            gray.pixels.begin() + std::ptrdiff_t(i), 3, static_cast<std::uint8_t>(luma >> 16));
    }
    return gray;
}

/// A configuration may ask for any size; a picture of it has to fit into memory many times.
void requireReasonable(std::int64_t width, std::int64_t height) {
    constexpr std::int64_t most_pixels = std::int64_t{1} << 27;
    if (width * height > most_pixels) {
        throw Error(
            ErrorCode::Input, "preprocessing resizes the picture to " + std::to_string(width) +
                                  " x " + std::to_string(height) +
                                  ", at most 2^27 pixels are made");
    }
}

struct Size {
    int width = 0;
    int height = 0;
};

Size resizedSize(int width, int height, const PreprocessSpec& spec) {
    if (width < 1 || height < 1) {
        throw Error(ErrorCode::Input, "the picture is empty");
    }
    if (!spec.resize) {
        return {width, height};
    }
    if (spec.resize_exact) {
        requireReasonable(spec.resize_width, spec.resize_height);
        return {spec.resize_width, spec.resize_height};
    }
    // Resizing a thin strip keeps its aspect: its long side must stay within reason.
    if (std::max(width, height) / std::min(width, height) > 1000) {
        throw Error(
            ErrorCode::Input, "a picture of " + std::to_string(width) + " x " +
                                  std::to_string(height) + " is too thin to be resized");
    }
    const auto longSide = [&spec](int long_side, int short_side) {
        const std::int64_t side = std::int64_t{spec.resize_short} * long_side / short_side;
        requireReasonable(side, spec.resize_short);
        return static_cast<int>(side);
    };
    return width <= height ? Size{spec.resize_short, longSide(height, width)}
                           : Size{longSide(width, height), spec.resize_short};
}

/// Where along one side a crop begins in the picture.
int cropOffset(int size, int crop, CropRule rule) {
    const int spare = std::max(0, size - crop);
    return rule == CropRule::Transformers ? spare / 2
                                          : static_cast<int>(std::nearbyint(spare / 2.0));
}

/// Where along one side a smaller picture begins in the crop.
int marginBefore(int size, int crop, CropRule rule) {
    const int missing = std::max(0, crop - size);
    return rule == CropRule::Transformers ? (missing + 1) / 2 : missing / 2;
}

Image centreCrop(const Image& image, int width, int height, CropRule rule) {
    const int pad_left = marginBefore(image.width, width, rule);
    const int pad_top = marginBefore(image.height, height, rule);
    const int left = cropOffset(image.width, width, rule);
    const int top = cropOffset(image.height, height, rule);
    Image result{
        width, height, std::vector<std::uint8_t>(std::size_t(width) * std::size_t(height) * 3)};
    const int columns = std::min(width, image.width);
    for (int y = 0; y < std::min(height, image.height); ++y) {
        const auto from = image.pixels.begin() + (std::ptrdiff_t(y + top) * image.width + left) * 3;
        std::copy_n(
            from, columns * 3,
            result.pixels.begin() + (std::ptrdiff_t(y + pad_top) * width + pad_left) * 3);
    }
    return result;
}

std::vector<std::int64_t> inputShape(const PreprocessSpec& spec) {
    if (spec.frames > 0) {
        return {spec.channels, spec.frames, spec.crop_height, spec.crop_width};
    }
    return {spec.channels, spec.crop_height, spec.crop_width};
}

/// Writes one channel of a picture, normalised, to `values`; a value a pixel.
void normalise(
    const Image& picture,
    std::size_t channel,
    const PreprocessSpec& spec,
    float* values) {
    const auto scale = static_cast<float>(spec.scale);
    const bool to_unit = spec.scale == 1.0 / 255.0;
    std::array<float, 256> normalised{}; // a byte's value: divisions are slow
    for (std::size_t byte = 0; byte < normalised.size(); ++byte) {
        const auto raw = static_cast<float>(byte);
        const float value = to_unit ? raw / 255.0f : raw * scale;
        normalised.at(byte) = (value - spec.mean.at(channel)) / spec.deviation.at(channel);
    }
    for (std::size_t i = channel; i < picture.pixels.size(); i += 3) {
        *values++ = normalised[picture.pixels[i]];
    }
}

/// The picture of one frame of an input, or of all there is: pixel values of a channel are
/// `channel_stride` behind those of the channel before.
Image pictureOf(const float* values, std::size_t channel_stride, const PreprocessSpec& spec) {
    Image picture{spec.crop_width, spec.crop_height, {}};
    const std::size_t pixels = std::size_t(spec.crop_width) * std::size_t(spec.crop_height);
    picture.pixels.resize(pixels * 3);
    for (std::size_t i = 0; i < pixels; ++i) {
        for (std::size_t channel = 0; channel < 3; ++channel) {
            const std::size_t from = std::min(channel, std::size_t(spec.channels) - 1);
            const double value = (double(values[from * channel_stride + i]) * spec.deviation[from] +
                                  spec.mean[from]) /
                                 spec.scale;
            picture.pixels[i * 3 + channel] =
                static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
        }
    }
    return picture;
}

} // namespace

Placement placementOf(int width, int height, const PreprocessSpec& spec) {
    const auto [resized_width, resized_height] = resizedSize(width, height, spec);
    const auto before = [&spec](int size, int crop) {
        return marginBefore(size, crop, spec.crop_rule) - cropOffset(size, crop, spec.crop_rule);
    };
    return {
        resized_width, resized_height, before(resized_width, spec.crop_width),
        before(resized_height, spec.crop_height)};
}

Image cutOut(const Image& image, const PreprocessSpec& spec) {
    const auto [width, height] = resizedSize(image.width, image.height, spec);
    Image gray;
    if (spec.channels == 1) {
        gray = toGray(image);
    }
    const Image& whole = spec.channels == 1 ? gray : image;
    Image picture;
    if (!spec.resize) {
        picture = whole;
    } else {
        // Only what is not cropped away again.
        const PixelBox kept{
            cropOffset(width, spec.crop_width, spec.crop_rule),
            cropOffset(height, spec.crop_height, spec.crop_rule), std::min(width, spec.crop_width),
            std::min(height, spec.crop_height)};
        picture = resamplePart(whole, width, height, spec.filter, kept);
    }
    if (picture.width != spec.crop_width || picture.height != spec.crop_height) {
        picture = centreCrop(picture, spec.crop_width, spec.crop_height, spec.crop_rule);
    }
    return picture;
}

PreparedInput preprocess(const Image& image, const PreprocessSpec& spec) {
    return inputOf(cutOut(image, spec), spec);
}

PreparedInput inputOf(Image cut_out, const PreprocessSpec& spec) {
    PreparedInput prepared{
        .input = {{spec.channels, spec.crop_height, spec.crop_width}, {}},
        .picture = std::move(cut_out)};
    const std::size_t pixels = prepared.picture.pixels.size() / 3;
    prepared.input.values.resize(pixels * std::size_t(spec.channels));
    for (std::size_t channel = 0; channel < std::size_t(spec.channels); ++channel) {
        normalise(prepared.picture, channel, spec, &prepared.input.values[channel * pixels]);
    }
    return prepared;
}

PreparedInput clipOf(std::vector<Image> cut_out, const PreprocessSpec& spec) {
    if (cut_out.empty() || std::int64_t(cut_out.size()) != spec.frames) {
        throw Error(
            ErrorCode::Input, "expected a clip of " + std::to_string(spec.frames) +
                                  " frames, found " + std::to_string(cut_out.size()));
    }
    PreparedInput prepared{.input = {inputShape(spec), {}}, .pictures = std::move(cut_out)};
    const std::size_t pixels = prepared.pictures.front().pixels.size() / 3;
    prepared.input.values.resize(pixels * prepared.pictures.size() * std::size_t(spec.channels));
    float* values = prepared.input.values.data();
    for (std::size_t channel = 0; channel < std::size_t(spec.channels); ++channel) {
        for (const Image& picture : prepared.pictures) {
            normalise(picture, channel, spec, values);
            values += pixels;
        }
    }
    return prepared;
}

PreparedInput preprocessClip(const std::vector<Image>& frames, const PreprocessSpec& spec) {
    std::vector<Image> pictures;
    pictures.reserve(frames.size());
    for (const Image& frame : frames) {
        pictures.push_back(cutOut(frame, spec));
    }
    return clipOf(std::move(pictures), spec);
}

PreparedInput fromTensor(const Array& input, const PreprocessSpec& spec) {
    const std::vector<std::int64_t> shape = inputShape(spec);
    if (input.shape != shape || std::int64_t(input.values.size()) != elementCount(shape)) {
        throw Error(
            ErrorCode::Input,
            "expected a tensor of shape " + shapeText(shape) + ", found " + shapeText(input.shape));
    }
    if (!std::all_of(input.values.begin(), input.values.end(), [](float value) {
            return std::isfinite(value);
        })) {
        throw Error(ErrorCode::Input, "the tensor holds NaN or infinite values");
    }
    PreparedInput prepared{.input = input};
    const std::size_t pixels = std::size_t(spec.crop_width) * std::size_t(spec.crop_height);
    if (spec.frames == 0) {
        prepared.picture = pictureOf(input.values.data(), pixels, spec);
    }
    for (std::size_t frame = 0; frame < std::size_t(spec.frames); ++frame) {
        prepared.pictures.push_back(pictureOf(
            input.values.data() + frame * pixels, std::size_t(spec.frames) * pixels, spec));
    }
    return prepared;
}

} // namespace vitreous
