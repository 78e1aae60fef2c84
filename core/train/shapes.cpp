#include "core/train/shapes.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "core/train/shape_classes.h"

namespace vitreous {
namespace {

constexpr double kNoise = 0.012;  // standard deviation at most, of a shape of about 1
constexpr double kLeastCut = 0.1; // of the points
constexpr double kMostCut = 0.5;
constexpr double kBackground = 0.6;   // of the shapes
constexpr double kLeastAround = 0.05; // of the points
constexpr double kMostAround = 0.3;

/// A point and the part that it is on.
struct Drawn {
    Vec3 at{};
    std::uint8_t part = 0;
};

std::vector<Drawn>
drawSamples(const std::vector<Surface>& surfaces, std::size_t count, Random& random) {
    std::vector<double> ends;
    double sum = 0.0;
    for (const Surface& surface : surfaces) {
        sum += surface.area;
        ends.push_back(sum);
    }
    std::vector<Drawn> samples;
    samples.reserve(count);
    while (samples.size() < count) {
        const auto end = std::upper_bound(ends.begin(), ends.end(), random.uniform() * sum);
        const auto which = std::min(std::size_t(end - ends.begin()), surfaces.size() - 1);
        samples.push_back({surfaces[which].draw(random), surfaces[which].part});
    }
    return samples;
}

/// Leaves the `count` samples that are lowest along a direction, in the order they had.
void cutOff(std::vector<Drawn>& samples, std::size_t count, const Vec3& direction) {
    std::vector<std::size_t> order(samples.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto along = [&](std::size_t i) {
        const Vec3& p = samples[i].at;
        return p[0] * direction[0] + p[1] * direction[1] + p[2] * direction[2];
    };
    std::nth_element(
        order.begin(), order.begin() + std::ptrdiff_t(count), order.end(),
        [&along](std::size_t a, std::size_t b) {
            const double first = along(a);
            const double second = along(b);
            return first != second ? first < second : a < b;
        });
    order.resize(count);
    std::sort(order.begin(), order.end());
    std::vector<Drawn> kept;
    kept.reserve(count);
    for (const std::size_t i : order) {
        kept.push_back(samples[i]);
    }
    samples = std::move(kept);
}

void shuffle(std::vector<Drawn>& samples, Random& random) {
    for (std::size_t i = samples.size(); i > 1; --i) {
        std::swap(samples[i - 1], samples[std::size_t(random.below(int(i)))]);
    }
}

} // namespace

const std::vector<std::string>& shapeClasses() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const ShapeClass& one : shapeClassTable()) {
            list.push_back(one.name);
        }
        return list;
    }();
    return names;
}

const std::vector<std::string>& shapeParts(int label) {
    return shapeClassTable().at(std::size_t(label)).parts;
}

Shape makeShape(int label, const ShapeKey& key, std::size_t points) {
    Random random{key.seed, key.epoch, key.item, std::uint64_t(label)};
    const ShapeClass& of = shapeClassTable().at(std::size_t(label));
    SurfaceList list;
    of.build(list, random);
    const double cut = random.below(2) == 0 ? random.uniform(kLeastCut, kMostCut) : 0.0;
    // More from the sides than from above.
    const double angle = random.uniform(0.0, 2.0 * std::numbers::pi);
    const double rise = random.uniform(-0.6, 0.6);
    const Vec3 direction{
        std::sqrt(1.0 - rise * rise) * std::cos(angle), rise,
        std::sqrt(1.0 - rise * rise) * std::sin(angle)};
    const Frame turned = Frame{}.turned(1, random.uniform(0.0, 360.0));
    const double noise = random.uniform(0.0, kNoise);
    const double around =
        random.uniform() < kBackground ? random.uniform(kLeastAround, kMostAround) : 0.0;

    const auto others = std::size_t(std::lround(around * double(points)));
    const std::size_t own = points - others;
    std::vector<Drawn> samples =
        drawSamples(list.surfaces(), std::max(own, std::size_t(double(own) / (1.0 - cut))), random);
    const auto lowest =
        std::min_element(samples.begin(), samples.end(), [](const Drawn& a, const Drawn& b) {
            return a.at[1] < b.at[1];
        });
    SurfaceList background;
    background.begin(std::uint8_t(of.parts.size() - 1));
    buildBackground(background, random, lowest->at[1]);
    cutOff(samples, own, direction);
    const std::vector<Drawn> drawn = drawSamples(background.surfaces(), others, random);
    samples.insert(samples.end(), drawn.begin(), drawn.end());
    shuffle(samples, random);
    Shape shape;
    shape.cloud.positions.reserve(3 * points);
    shape.parts.reserve(points);
    for (const Drawn& sample : samples) {
        for (const double value : turned.at(sample.at)) {
            shape.cloud.positions.push_back(static_cast<float>(value + noise * random.normal()));
        }
        shape.parts.push_back(sample.part);
    }
    return shape;
}

} // namespace vitreous
