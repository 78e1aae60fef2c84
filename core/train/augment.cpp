#include "core/train/augment.h"

#include <algorithm>
#include <cmath>

namespace vitreous {
namespace {

/// The square of that side whose top left corner is at (left, top); outside of the picture it is
/// black.
Image cut(const Image& image, int left, int top, int side) {
    Image result{side, side, {}};
    result.pixels.resize(std::size_t(side) * std::size_t(side) * 3);
    const int first = std::max(0, -left);
    const int last = std::min(side, image.width - left);
    for (int y = 0; y < side; ++y) {
        const int from_y = y + top;
        if (from_y < 0 || from_y >= image.height || first >= last) {
            continue;
        }
        const auto from =
            image.pixels.begin() + (std::ptrdiff_t(from_y) * image.width + left + first) * 3;
        std::copy_n(
            from, (last - first) * 3,
            result.pixels.begin() + (std::ptrdiff_t(y) * side + first) * 3);
    }
    return result;
}

void mirror(Image& image) {
    for (int y = 0; y < image.height; ++y) {
        const std::ptrdiff_t row = std::ptrdiff_t(y) * image.width * 3;
        for (int x = 0; x < image.width / 2; ++x) {
            std::swap_ranges(
                image.pixels.begin() + row + std::ptrdiff_t(x) * 3,
                image.pixels.begin() + row + std::ptrdiff_t(x) * 3 + 3,
                image.pixels.begin() + row + std::ptrdiff_t(image.width - 1 - x) * 3);
        }
    }
}

/// Brightness, contrast about mid-gray and saturation about the pixel's luma, in this order.
void jitter(Image& image, double by, Random& random) {
    const double brightness = random.uniform(1.0 - by, 1.0 + by);
    const double contrast = random.uniform(1.0 - by, 1.0 + by);
    const double saturation = random.uniform(1.0 - by, 1.0 + by);
    for (std::size_t i = 0; i + 2 < image.pixels.size(); i += 3) {
        double values[3];
        for (std::size_t c = 0; c < 3; ++c) {
            values[c] = (image.pixels[i + c] * brightness - 127.5) * contrast + 127.5;
        }
        const double luma = 0.299 * values[0] + 0.587 * values[1] + 0.114 * values[2];
        for (std::size_t c = 0; c < 3; ++c) {
            const double value = luma + (values[c] - luma) * saturation;
            image.pixels[i + c] =
                static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
        }
    }
}

/// A Gamma(shape, 1) variate; shape > 0. Source: Marsaglia and Tsang, ACM TOMS 26 (2000).
double gammaVariate(double shape, Random& random) {
    if (shape < 1.0) {
        const double u = 1.0 - random.uniform();
        return gammaVariate(shape + 1.0, random) * std::pow(u, 1.0 / shape);
    }
    const double d = shape - 1.0 / 3.0;
    const double c = 1.0 / std::sqrt(9.0 * d);
    while (true) {
        const double x = random.normal();
        const double v = std::pow(1.0 + c * x, 3.0);
        const double u = 1.0 - random.uniform();
        if (v > 0.0 && std::log(u) < 0.5 * x * x + d - d * v + d * std::log(v)) {
            return d * v;
        }
    }
}

} // namespace

Image augment(const Image& image, const Recipe& recipe, Random& random) {
    const int side = recipe.size;
    const int spare_x = image.width - side;
    const int spare_y = image.height - side;
    int left = int(std::nearbyint(spare_x / 2.0));
    int top = int(std::nearbyint(spare_y / 2.0));
    if (recipe.crop) {
        const int pad = side / 8;
        left = random.below(std::max(0, spare_x) + 2 * pad + 1) - pad + std::min(0, spare_x) / 2;
        top = random.below(std::max(0, spare_y) + 2 * pad + 1) - pad + std::min(0, spare_y) / 2;
    }
    Image result =
        left == 0 && top == 0 && spare_x == 0 && spare_y == 0 ? image : cut(image, left, top, side);
    if (recipe.flip && random.below(2) == 1) {
        mirror(result);
    }
    if (recipe.colour > 0.0) {
        jitter(result, recipe.colour, random);
    }
    return result;
}

double mixupWeight(double alpha, Random& random) {
    const double first = gammaVariate(alpha, random);
    const double second = gammaVariate(alpha, random);
    return first + second > 0.0 ? first / (first + second) : 0.5;
}

} // namespace vitreous
