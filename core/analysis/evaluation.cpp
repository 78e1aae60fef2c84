#include "core/analysis/evaluation.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <random>

#include "core/base/error.h"
#include "core/nn/preprocess.h"

namespace vitreous {
namespace {

/// A stretch along one side of a picture, in its pixels; to is exclusive.
struct Stretch {
    double from = 0.0;
    double to = 0.0;
};

/// What pixel n of a picture has in common with the stretch, in pixels.
double overlap(const Stretch& stretch, int pixel) {
    return std::max(0.0, std::min(stretch.to, pixel + 1.0) - std::max(stretch.from, double(pixel)));
}

/// One side of a picture on its way into a model, in pixels.
struct Side {
    int source = 0;  ///< before resizing
    int resized = 0; ///< after it
    int offset = 0;  ///< where it begins in the input
    int input = 0;
};

/// Where the tokens begin and end in the picture as it was before.
std::vector<Stretch> stretches(int tokens, const Side& side) {
    const auto edge = [&](int token) {
        return (double(token) * side.input / tokens - side.offset) * side.source / side.resized;
    };
    std::vector<Stretch> list;
    list.reserve(std::size_t(tokens));
    for (int token = 0; token < tokens; ++token) {
        list.push_back({edge(token), edge(token + 1)});
    }
    return list;
}

/// The pixels that a stretch touches, within 0..size.
std::pair<int, int> pixelsOf(const Stretch& stretch, int size) {
    const double most = size;
    return {
        static_cast<int>(std::clamp(std::floor(stretch.from), 0.0, most)),
        static_cast<int>(std::clamp(std::ceil(stretch.to), 0.0, most))};
}

double objectArea(const Mask& mask, const Stretch& across, const Stretch& down) {
    const auto [left, right] = pixelsOf(across, mask.width);
    const auto [top, bottom] = pixelsOf(down, mask.height);
    double area = 0.0;
    for (int y = top; y < bottom; ++y) {
        const auto* row = mask.values.data() + std::ptrdiff_t{y} * mask.width;
        double length = 0.0;
        for (int x = left; x < right; ++x) {
            length += row[x] != 0 ? overlap(across, x) : 0.0;
        }
        area += length * overlap(down, y);
    }
    return area;
}

} // namespace

TokenMask projectMask(const Mask& mask, const PreprocessSpec& spec, const TokenGrid& grid) {
    const Placement place = placementOf(mask.width, mask.height, spec);
    const auto across =
        stretches(grid.columns, {mask.width, place.width, place.left, spec.crop_width});
    const auto down =
        stretches(grid.rows, {mask.height, place.height, place.top, spec.crop_height});
    // Half of a token is half of it, whatever the rounding of its edges.
    constexpr double half = 0.5 - 1e-9;
    TokenMask tokens;
    tokens.reserve(grid.tokens());
    for (const Stretch& row : down) {
        for (const Stretch& column : across) {
            const double whole = (row.to - row.from) * (column.to - column.from);
            tokens.push_back(objectArea(mask, column, row) >= half * whole ? 1 : 0);
        }
    }
    return tokens;
}

std::vector<double> normalisedMap(std::span<const float> map) {
    if (!std::all_of(map.begin(), map.end(), [](float value) { return std::isfinite(value); })) {
        throw Error(ErrorCode::Model, "a map holds NaN or infinite values");
    }
    std::vector<double> normalised(map.size());
    if (map.empty()) {
        return normalised;
    }
    const auto [least, most] = std::minmax_element(map.begin(), map.end());
    const double from = *least;
    const double range = double(*most) - from;
    if (range > 0.0) {
        std::transform(map.begin(), map.end(), normalised.begin(), [=](float value) {
            return (value - from) / range;
        });
    }
    return normalised;
}

double intersectionOverUnion(const TokenMask& predicted, const TokenMask& truth) {
    std::size_t both = 0;
    std::size_t any = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        both += predicted[i] != 0 && truth[i] != 0 ? 1 : 0;
        any += predicted[i] != 0 || truth[i] != 0 ? 1 : 0;
    }
    return any > 0 ? double(both) / double(any) : 0.0;
}

std::array<double, iouThresholds.size()> iouAtThresholds(
    std::span<const double> normalised,
    const TokenMask& truth) {
    std::array<double, iouThresholds.size()> values{};
    TokenMask pseudo(normalised.size());
    for (std::size_t i = 0; i < iouThresholds.size(); ++i) {
        std::transform(
            normalised.begin(), normalised.end(), pseudo.begin(),
            [threshold = iouThresholds[i]](double value) {
                return static_cast<std::uint8_t>(value > threshold ? 1 : 0);
            });
        values[i] = intersectionOverUnion(pseudo, truth);
    }
    return values;
}

std::optional<double> averagePrecision(std::span<const double> scores, const TokenMask& truth) {
    const auto positives =
        truth.size() - std::size_t(std::count(truth.begin(), truth.end(), std::uint8_t{0}));
    if (positives == 0) {
        return std::nullopt;
    }
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&scores](std::size_t a, std::size_t b) {
        return scores[a] > scores[b];
    });
    double area = 0.0;
    std::size_t found = 0;
    std::size_t counted = 0; // of the found ones
    for (std::size_t i = 0; i < order.size(); ++i) {
        found += truth[order[i]] != 0 ? 1 : 0;
        if (i + 1 == order.size() || scores[order[i]] != scores[order[i + 1]]) {
            area += double(found - counted) / double(positives) * double(found) / double(i + 1);
            counted = found;
        }
    }
    return area;
}

std::vector<float> sumOfHeads(const Array& attention) {
    const auto heads = std::size_t(attention.shape.at(0));
    const std::size_t tokens = attention.values.size() / std::max(std::size_t{1}, heads);
    std::vector<float> sum(tokens);
    for (std::size_t head = 0; head < heads; ++head) {
        std::transform(
            sum.begin(), sum.end(), attention.values.begin() + std::ptrdiff_t(head * tokens),
            sum.begin(), std::plus<>());
    }
    return sum;
}

void MapScoreSum::add(std::span<const float> map, const TokenMask& truth) {
    addNormalised(normalisedMap(map), truth);
}

void MapScoreSum::addNormalised(std::span<const double> map, const TokenMask& truth) {
    if (map.size() != truth.size()) {
        throw Error(
            ErrorCode::Input, "a map of " + std::to_string(map.size()) + " tokens, a truth of " +
                                  std::to_string(truth.size()));
    }
    const std::optional<double> precision = averagePrecision(map, truth);
    if (!precision) {
        throw Error(ErrorCode::Input, "the truth has no foreground");
    }
    const auto iou = iouAtThresholds(map, truth);
    ++images_;
    precision_ += *precision;
    best_ += *std::max_element(iou.begin(), iou.end());
    std::transform(iou.begin(), iou.end(), iou_.begin(), iou_.begin(), std::plus<>());
}

MapScore MapScoreSum::score() const {
    if (images_ == 0) {
        return {};
    }
    const auto count = double(images_);
    MapScore score{
        .images = images_,
        .iou_best_per_image = best_ / count,
        .average_precision = precision_ / count};
    std::transform(iou_.begin(), iou_.end(), score.iou_at.begin(), [count](double sum) {
        return sum / count;
    });
    const auto* const best = std::max_element(score.iou_at.begin(), score.iou_at.end());
    score.iou_one_threshold = *best;
    score.threshold = iouThresholds[std::size_t(best - score.iou_at.begin())];
    return score;
}

std::vector<float>
uniformRandomMap(const TokenGrid& grid, std::uint64_t seed, std::uint64_t image) {
    const auto high = [](std::uint64_t value) { return std::uint32_t(value >> 32U); };
    std::seed_seq keys{std::uint32_t(seed), high(seed), std::uint32_t(image), high(image)};
    // The engine is the same in every library, its distributions are not.
    std::mt19937 random(keys);
    std::vector<float> map(grid.tokens());
    std::generate(map.begin(), map.end(), [&random] { return float(random() >> 8U) * 0x1p-24F; });
    return map;
}

std::vector<float> centredGaussianMap(const TokenGrid& grid) {
    const auto square = [](int position, int count) {
        const double deviations = (position - (count - 1) / 2.0) / (count / 4.0);
        return deviations * deviations;
    };
    std::vector<float> map;
    map.reserve(grid.tokens());
    for (int row = 0; row < grid.rows; ++row) {
        for (int column = 0; column < grid.columns; ++column) {
            map.push_back(
                float(std::exp(-0.5 * (square(row, grid.rows) + square(column, grid.columns)))));
        }
    }
    return map;
}

} // namespace vitreous
