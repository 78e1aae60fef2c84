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

/// Those of the outputs first, first + 1, ...
std::vector<Window> windows(int in_size, int out_size, Filter filter, int first_out, int count) {
    const double scale = double(in_size) / double(out_size);
    const double stretch = std::max(scale, 1.0);
    const double support = supportOf(filter) * stretch;
    std::vector<Window> list(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        const double center = (first_out + i + 0.5) * scale;
        const int first = std::max(0, static_cast<int>(std::floor(center - support + 0.5)));
        const int end = std::min(in_size, static_cast<int>(std::floor(center + support + 0.5)));
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

/// Of the rows from `first_row` on, `rows` of them.
Image horizontalPass(const Image& image, const std::vector<Window>& list, int first_row, int rows) {
    const int width = static_cast<int>(list.size());
    Image result{
        width, rows, std::vector<std::uint8_t>(std::size_t(width) * std::size_t(rows) * 3)};
    std::uint8_t* out = result.pixels.data();
    for (int y = first_row; y < first_row + rows; ++y) {
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

/// The picture begins at row `first_row` of the one that the windows are over.
Image verticalPass(const Image& image, const std::vector<Window>& list, int first_row) {
    const std::size_t stride = std::size_t(image.width) * 3;
    Image result{
        image.width, static_cast<int>(list.size()),
        std::vector<std::uint8_t>(stride * list.size())};
    std::vector<int> sums(stride);
    auto out = result.pixels.begin();
    for (const Window& window : list) {
        std::fill(sums.begin(), sums.end(), 1 << (kPrecisionBits - 1));
        const std::uint8_t* in =
            image.pixels.data() + std::size_t(window.first - first_row) * stride;
        for (const int weight : window.weights) {
            for (std::size_t x = 0; x < stride; ++x) {
                sums[x] += in[x] * weight;
            }
            in += stride;
        }
        out = std::transform(sums.begin(), sums.end(), out, clipped);
    }
    return result;
}

Image cut(const Image& image, const PixelBox& part) {
    Image result{part.width, part.height, {}};
    result.pixels.reserve(std::size_t(part.width) * std::size_t(part.height) * 3);
    for (int y = part.top; y < part.top + part.height; ++y) {
        const auto from = image.pixels.begin() + (std::ptrdiff_t(y) * image.width + part.left) * 3;
        result.pixels.insert(result.pixels.end(), from, from + std::ptrdiff_t(part.width) * 3);
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

Image nearest(const Image& image, int width, int height, const PixelBox& part) {
    Image result{part.width, part.height, {}};
    result.pixels.reserve(std::size_t(part.width) * std::size_t(part.height) * 3);
    const std::vector<int> columns = nearestPositions(image.width, width);
    const std::vector<int> rows = nearestPositions(image.height, height);
    for (int y = part.top; y < part.top + part.height; ++y) {
        for (int x = part.left; x < part.left + part.width; ++x) {
            const auto at =
                image.pixels.begin() +
                (std::ptrdiff_t(rows[std::size_t(y)]) * image.width + columns[std::size_t(x)]) * 3;
            result.pixels.insert(result.pixels.end(), at, at + 3);
        }
    }
    return result;
}

bool lies(int first, int count, int size) {
    return first >= 0 && count > 0 && first <= size - count;
}

} // namespace

Image resample(const Image& image, int width, int height, Filter filter) {
    if (width < 1 || height < 1) {
        throw Error(
            ErrorCode::Input, "a picture cannot be resized to " + std::to_string(width) + " x " +
                                  std::to_string(height));
    }
    return resamplePart(image, width, height, filter, {0, 0, width, height});
}

Image resamplePart(const Image& image, int width, int height, Filter filter, const PixelBox& part) {
    if (image.width < 1 || image.height < 1 ||
        image.pixels.size() != std::size_t(image.width) * std::size_t(image.height) * 3) {
        throw Error(ErrorCode::Input, "an empty picture cannot be resized");
    }
    if (!lies(part.left, part.width, width) || !lies(part.top, part.height, height)) {
        throw Error(ErrorCode::Usage, "a part of a picture that does not lie within it");
    }
    if (filter == Filter::Nearest) {
        return nearest(image, width, height, part);
    }
    // Pillow leaves out a pass that changes nothing.
    if (height == image.height) {
        if (width == image.width) {
            return cut(image, part);
        }
        const auto list = windows(image.width, width, filter, part.left, part.width);
        return horizontalPass(image, list, part.top, part.height);
    }
    const auto rows = windows(image.height, height, filter, part.top, part.height);
    const int first = rows.front().first;
    const int end = rows.back().first + static_cast<int>(rows.back().weights.size());
    if (width == image.width) {
        return verticalPass(cut(image, {part.left, first, part.width, end - first}), rows, first);
    }
    const auto columns = windows(image.width, width, filter, part.left, part.width);
    return verticalPass(horizontalPass(image, columns, first, end - first), rows, first);
}

} // namespace vitreous
