#include "core/train/clutter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>

#include "core/base/error.h"
#include "core/nn/resample.h"
#include "core/train/random.h"

namespace vitreous {
namespace {

constexpr double kSmallest = 0.9;
constexpr double kLargest = 1.8;
constexpr int kFewestFragments = 6;
constexpr int kMostFragments = 12;
constexpr double kNoise = 12.0; // of 255, standard deviation at most

using Colour = std::array<double, 3>;

/// A saturated or pale colour, never near black.
Colour tint(Random& random) {
    Colour colour{};
    for (double& part : colour) {
        part = random.uniform(0.35, 1.0);
    }
    return colour;
}

/// Zero mean, unit deviation, bell-shaped: the sum of the four uniform numbers in the bits. For a
/// value a pixel that is close enough to a normal one, and ten times as fast.
double nearlyNormal(std::uint64_t bits) {
    constexpr std::uint64_t part = 0xffff;
    const std::uint64_t sum =
        (bits & part) + (bits >> 16U & part) + (bits >> 32U & part) + (bits >> 48U);
    return (double(sum) / double(part) - 2.0) * std::numbers::sqrt3;
}

/// An item's brightness and coverage, each 0..255 in all three channels.
struct Cut {
    Image light;
    Image cover;
};

Cut cutOut(const Image& item, int width, int height) {
    Image cover = item;
    for (std::size_t i = 0; i < cover.pixels.size(); i += 3) {
        const auto brightest = *std::max_element(
            item.pixels.begin() + std::ptrdiff_t(i), item.pixels.begin() + std::ptrdiff_t(i + 3));
        std::fill_n(cover.pixels.begin() + std::ptrdiff_t(i), 3, brightest > 0 ? 255 : 0);
    }
    return {
        resample(item, width, height, Filter::Bilinear),
        resample(cover, width, height, Filter::Bilinear)};
}

/// The part of the cut that is pasted, in its pixels.
struct Window {
    int left = 0;
    int top = 0;
    int width = 0;
    int height = 0;
};

class Canvas {
public:
    explicit Canvas(int side)
        : side_(side), values_(std::size_t(side) * std::size_t(side) * 3),
          mask_(values_.size() / 3) {}

    /// A colour that runs into another, with a wave on it.
    void gradient(Random& random) {
        const Colour from = tint(random);
        const Colour to = tint(random);
        const double angle = random.uniform(0.0, 2.0 * std::numbers::pi);
        const double wave = random.uniform(2.0, 9.0);
        const double phase = random.uniform(0.0, 2.0 * std::numbers::pi);
        const double height = random.uniform(0.0, 0.25);
        const double bright = random.uniform(60.0, 170.0);
        for (int y = 0; y < side_; ++y) {
            for (int x = 0; x < side_; ++x) {
                const double along = 0.5 + ((x - side_ / 2.0) * std::cos(angle) +
                                            (y - side_ / 2.0) * std::sin(angle)) /
                                               (1.5 * side_);
                const double ripple =
                    1.0 + height * std::sin(wave * (double(x) * std::sin(angle) + y) / 8.0 + phase);
                for (std::size_t c = 0; c < 3; ++c) {
                    at(x, y, c) = bright * ripple * (from[c] + (to[c] - from[c]) * along);
                }
            }
        }
    }

    /// Pastes a window of a cut with its top left corner at (x, y); outside of the canvas is cut
    /// off.
    void
    paste(const Cut& cut, const Window& window, int x, int y, const Colour& colour, bool object) {
        for (int row = 0; row < window.height; ++row) {
            for (int column = 0; column < window.width; ++column) {
                const int to_x = x + column;
                const int to_y = y + row;
                if (to_x < 0 || to_y < 0 || to_x >= side_ || to_y >= side_) {
                    continue;
                }
                const std::size_t from =
                    (std::size_t(window.top + row) * std::size_t(cut.light.width) +
                     std::size_t(window.left + column)) *
                    3;
                const double cover = cut.cover.pixels[from] / 255.0;
                for (std::size_t c = 0; c < 3; ++c) {
                    double& value = at(to_x, to_y, c);
                    value += cover * (cut.light.pixels[from + c] * colour[c] - value);
                }
                if (object && cover >= 0.5) {
                    mask_[std::size_t(to_y) * std::size_t(side_) + std::size_t(to_x)] = 255;
                }
            }
        }
    }

    void noise(Random& random) {
        const double deviation = random.uniform(0.0, kNoise);
        for (double& value : values_) {
            value += deviation * nearlyNormal(random.next());
        }
    }

    [[nodiscard]] Scene finish() {
        Scene scene{{side_, side_, {}}, std::move(mask_)};
        scene.image.pixels.reserve(values_.size());
        for (const double value : values_) {
            scene.image.pixels.push_back(
                static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 255.0))));
        }
        return scene;
    }

private:
    double& at(int x, int y, std::size_t channel) {
        return values_[(std::size_t(y) * std::size_t(side_) + std::size_t(x)) * 3 + channel];
    }

    int side_;
    std::vector<double> values_;
    std::vector<std::uint8_t> mask_;
};

Cut scaledCut(const Image& item, double scale) {
    return cutOut(
        item, std::max(1, int(std::lround(item.width * scale))),
        std::max(1, int(std::lround(item.height * scale))));
}

/// Pieces of other items, a quarter to a half of their sides, so that none of them is whole.
void addFragments(Canvas& canvas, const LabelledPictures& pictures, Random& random, int side) {
    const int count = kFewestFragments + random.below(kMostFragments - kFewestFragments + 1);
    for (int i = 0; i < count; ++i) {
        const auto other = static_cast<std::size_t>(random.below(int(pictures.size())));
        const Cut cut = scaledCut(pictures.picture(other), random.uniform(kSmallest, kLargest));
        Window window;
        window.width = std::max(1, int(cut.light.width * random.uniform(0.25, 0.5)));
        window.height = std::max(1, int(cut.light.height * random.uniform(0.25, 0.5)));
        window.left = random.below(cut.light.width - window.width + 1);
        window.top = random.below(cut.light.height - window.height + 1);
        const int x = random.below(side + window.width) - window.width;
        const int y = random.below(side + window.height) - window.height;
        canvas.paste(cut, window, x, y, tint(random), /*object=*/false);
    }
}

struct Place {
    int x = 0;
    int y = 0;
};

/// Once around within a room of places, from an angle that the place at rest decides.
Place placeAt(const Place& rest, int room_x, int room_y, double time) {
    const double start = 2.0 * std::numbers::pi * double(rest.x) / double(room_x + 1);
    const double angle = start + 2.0 * std::numbers::pi * time;
    return {
        int(std::lround(room_x * (1.0 + std::cos(angle)) / 2.0)),
        int(std::lround(room_y * (1.0 + std::sin(angle)) / 2.0))};
}

Scene compose(
    const LabelledPictures& pictures,
    const SceneKey& key,
    int side,
    std::optional<double> time) {
    const Image item = pictures.picture(key.item);
    Random random{key.seed, key.epoch, key.item};
    const double room = double(side) / std::max(item.width, item.height);
    if (room < kSmallest) {
        throw Error(
            ErrorCode::Input, "a canvas of " + std::to_string(side) +
                                  " pixels is too small for an item of " +
                                  std::to_string(item.width) + " x " + std::to_string(item.height));
    }
    Canvas canvas(side);
    canvas.gradient(random);
    addFragments(canvas, pictures, random, side);
    const Cut cut = scaledCut(item, random.uniform(kSmallest, std::min(kLargest, room)));
    const int room_x = std::max(0, side - cut.light.width);
    const int room_y = std::max(0, side - cut.light.height);
    Place place;
    place.x = random.below(room_x + 1);
    place.y = random.below(room_y + 1);
    if (time) {
        place = placeAt(place, room_x, room_y, *time);
    }
    canvas.paste(
        cut, {0, 0, cut.light.width, cut.light.height}, place.x, place.y, tint(random),
        /*object=*/true);
    canvas.noise(random);
    return canvas.finish();
}

} // namespace

Scene composeScene(const LabelledPictures& pictures, const SceneKey& key, int side) {
    return compose(pictures, key, side, std::nullopt);
}

Scene composeMoment(const LabelledPictures& pictures, const SceneKey& key, int side, double time) {
    return compose(pictures, key, side, time);
}

} // namespace vitreous
