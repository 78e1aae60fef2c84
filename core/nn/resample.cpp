#include "core/nn/resample.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include "core/base/error.h"

namespace vitreous {
namespace {

// Pillow's fixed point: 8 bits of value, 2 of headroom, the rest of 32 for the weight.
constexpr int kPrecisionBits = 22;

double supportOf(Filter filter) {
    switch (filter) {
    case Filter::Nearest:
        return 0.5;
    case Filter::Bilinear:
        return 1.0;
    case Filter::Bicubic:
        return 2.0;
    case Filter::Lanczos:
        return 3.0;
    }
    return 1.0;
}

double sinc(double x) {
    return x == 0.0 ? 1.0 : std::sin(x * std::numbers::pi) / (x * std::numbers::pi);
}

double weightAt(Filter filter, double x) {
    const double d = std::abs(x);
    switch (filter) {
    case Filter::Bilinear:
        return d < 1.0 ? 1.0 - d : 0.0;
    case Filter::Bicubic: {
        constexpr double a = -0.5;
        if (d < 1.0) {
            return ((a + 2.0) * d - (a + 3.0)) * d * d + 1.0;
        }
        return d < 2.0 ? (((d - 5.0) * d + 8.0) * d - 4.0) * a : 0.0;
    }
    case Filter::Lanczos:
        return d < 3.0 ? sinc(x) * sinc(x / 3.0) : 0.0;
    case Filter::Nearest:
        break;
    }
    return 0.0;
}

/// The weights of one output position over the inputs first, first + 1, ...
struct Window {
    int first = 0;
    std::vector<int> weights;
};

std::vector<Window> windows(int in_size, int out_size, Filter filter) {
    const double scale = double(in_size) / double(out_size);
    const double stretch = std::max(scale, 1.0);
    const double support = supportOf(filter) * stretch;
    std::vector<Window> list(static_cast<std::size_t>(out_size));
    for (int i = 0; i < out_size; ++i) {
        const double center = (i + 0.5) * scale;
        const int first = std::max(0, static_cast<int>(center - support + 0.5));
        const int end = std::min(in_size, static_cast<int>(center + support + 0.5));
        std::vector<double> weights;
        double sum = 0.0;
        for (int x = first; x < end; ++x) {
            // Pillow multiplies by the reciprocal; dividing rounds differently.
            weights.push_back(weightAt(filter, (x - center + 0.5) * (1.0 / stretch)));
            sum += weights.back();
        }
        Window& window = list[static_cast<std::size_t>(i)];
        window.first = first;
        for (const double weight : weights) {
            const double fixed = (sum != 0.0 ? weight / sum : weight) * double(1 << kPrecisionBits);
            window.weights.push_back(static_cast<int>(fixed < 0.0 ? fixed - 0.5 : fixed + 0.5));
        }
    }
    return list;
}

std::uint8_t clipped(int sum) {
    return static_cast<std::uint8_t>(std::clamp(sum >> kPrecisionBits, 0, 255));
}

Image horizontalPass(const Image& image, int width, Filter filter) {
    const std::vector<Window> list = windows(image.width, width, filter);
    Image result{
        width, image.height,
        std::vector<std::uint8_t>(std::size_t(width) * std::size_t(image.height) * 3)};
    std::uint8_t* out = result.pixels.data();
    for (int y = 0; y < image.height; ++y) {
        const std::uint8_t* row =
            image.pixels.data() + std::size_t(y) * std::size_t(image.width) * 3;
        for (const Window& window : list) {
            int r = 1 << (kPrecisionBits - 1);
            int g = r;
            int b = r;
            const std::uint8_t* in = row + std::size_t(window.first) * 3;
            for (const int weight : window.weights) {
                r += in[0] * weight;
                g += in[1] * weight;
                b += in[2] * weight;
                in += 3;
            }
            *out++ = clipped(r);
            *out++ = clipped(g);
            *out++ = clipped(b);
        }
    }
    return result;
}

Image verticalPass(const Image& image, int height, Filter filter) {
    const std::vector<Window> list = windows(image.height, height, filter);
    const std::size_t stride = std::size_t(image.width) * 3;
    Image result{image.width, height, std::vector<std::uint8_t>(stride * std::size_t(height))};
    std::vector<int> sums(stride);
    for (int y = 0; y < height; ++y) {
        const Window& window = list[static_cast<std::size_t>(y)];
        std::fill(sums.begin(), sums.end(), 1 << (kPrecisionBits - 1));
        const std::uint8_t* in = image.pixels.data() + std::size_t(window.first) * stride;
        for (const int weight : window.weights) {
            for (std::size_t x = 0; x < stride; ++x) {
                sums[x] += in[x] * weight;
            }
            in += stride;
        }
        std::transform(
            sums.begin(), sums.end(),
            result.pixels.begin() + std::ptrdiff_t(std::size_t(y) * stride), clipped);
    }
    return result;
}

/// Which input each output takes. Pillow adds the step up instead of multiplying it: the rounding
/// is part of it.
std::vector<int> nearestPositions(int in_size, int out_size) {
    const double step = double(in_size) / out_size;
    double position = step * 0.5;
    std::vector<int> positions;
    for (int i = 0; i < out_size; ++i) {
        positions.push_back(std::min(in_size - 1, static_cast<int>(position)));
        position += step;
    }
    return positions;
}

Image nearest(const Image& image, int width, int height) {
    Image result{width, height, {}};
    result.pixels.reserve(std::size_t(width) * std::size_t(height) * 3);
    const std::vector<int> columns = nearestPositions(image.width, width);
    for (const int y : nearestPositions(image.height, height)) {
        for (const int x : columns) {
            const auto at = image.pixels.begin() + (std::ptrdiff_t(y) * image.width + x) * 3;
            result.pixels.insert(result.pixels.end(), at, at + 3);
        }
    }
    return result;
}

} // namespace

Image resample(const Image& image, int width, int height, Filter filter) {
    if (image.width < 1 || image.height < 1 ||
        image.pixels.size() != std::size_t(image.width) * std::size_t(image.height) * 3) {
        throw Error(ErrorCode::Input, "an empty picture cannot be resized");
    }
    if (width < 1 || height < 1) {
        throw Error(
            ErrorCode::Input, "a picture cannot be resized to " + std::to_string(width) + " x " +
                                  std::to_string(height));
    }
    if (filter == Filter::Nearest) {
        return nearest(image, width, height);
    }
    // Pillow leaves out a pass that changes nothing.
    Image result = width != image.width ? horizontalPass(image, width, filter) : image;
    return height != image.height ? verticalPass(result, height, filter) : result;
}

} // namespace vitreous
