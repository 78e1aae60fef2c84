#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/array.h"
#include "core/base/mask.h"
#include "core/nn/preprocess_spec.h"

/// How well a map finds the object of a picture. Source: arXiv 2310.12973, A.5 and figures 4 and D;
/// analysis.md, Evaluation against masks.
namespace vitreous {

/// A model's visual tokens as a grid that covers its input.
struct TokenGrid {
    int rows = 0;
    int columns = 0;

    [[nodiscard]] std::size_t tokens() const {
        return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
    }

    friend bool operator==(const TokenGrid&, const TokenGrid&) = default;
};

/// One byte a token, row-major over the grid: 1 for foreground, 0 for background.
using TokenMask = std::vector<std::uint8_t>;

/// Brings the mask of a picture to the tokens of a model: a token is foreground where at least half
/// of its area is object. The area is exact, in the mask's own pixels seen through the resizing and
/// cropping of the picture; margins around the picture are background.
/// Throws Error{Input} where a picture of the mask's size cannot be preprocessed.
TokenMask projectMask(const Mask& mask, const PreprocessSpec& spec, const TokenGrid& grid);

/// The thresholds t of a pseudo-mask `normalised map > t`.
inline constexpr std::array<double, 9> iouThresholds = {0.1, 0.2, 0.3, 0.4, 0.5,
                                                        0.6, 0.7, 0.8, 0.9};

/// The map from its least value at 0 to its largest at 1; all 0 where it is constant: such a map
/// points at nothing. Throws Error{Model} where a value is NaN or infinite.
std::vector<double> normalisedMap(std::span<const float> map);

/// TP / (TP + FP + FN); 0 where neither has foreground. Both of the same length.
double intersectionOverUnion(const TokenMask& predicted, const TokenMask& truth);

/// IoU of the pseudo-mask at each of iouThresholds. normalised: 0..1, one a token.
std::array<double, iouThresholds.size()> iouAtThresholds(
    std::span<const double> normalised,
    const TokenMask& truth);

/// Area under precision over recall as a step function, sum of (R_n - R_(n-1)) P_n from the highest
/// score down, equal scores taken together: what scikit-learn's average_precision_score returns.
/// Nothing where truth has no foreground. scores: finite, one a token.
std::optional<double> averagePrecision(std::span<const double> scores, const TokenMask& truth);

/// The sum over the heads of an attention map. attention: (heads, rows, columns). Returns
/// rows * columns values.
std::vector<float> sumOfHeads(const Array& attention);

/// How a map did over a set of pictures, means over them.
struct MapScore {
    std::size_t images = 0;
    double iou_best_per_image = 0.0; ///< the threshold of each picture chosen against its truth
    double iou_one_threshold = 0.0;  ///< the one threshold that is best for all of them
    double threshold = 0.0;          ///< that one; the least of equals
    double average_precision = 0.0;
    std::array<double, iouThresholds.size()> iou_at{}; ///< at each of iouThresholds
};

/// Gathers a MapScore picture by picture; holds sums only.
class MapScoreSum {
public:
    /// Takes a raw map, normalised first. truth: at least one token of foreground.
    /// Throws as normalisedMap; Error{Input} without foreground or where the lengths differ.
    void add(std::span<const float> map, const TokenMask& truth);
    /// Takes a map of 0..1 as it is.
    void addNormalised(std::span<const double> map, const TokenMask& truth);
    /// The means; all 0 without pictures.
    [[nodiscard]] MapScore score() const;

private:
    std::size_t images_ = 0;
    double best_ = 0.0;
    double precision_ = 0.0;
    std::array<double, iouThresholds.size()> iou_{};
};

/// A baseline: uniform random numbers in 0..1, decided by seed and image, the same everywhere.
std::vector<float> uniformRandomMap(const TokenGrid& grid, std::uint64_t seed, std::uint64_t image);

/// A baseline: a Gaussian around the middle of the grid, 1 at its top, its deviation a quarter of
/// the grid's height along columns and a quarter of its width along rows.
std::vector<float> centredGaussianMap(const TokenGrid& grid);

} // namespace vitreous
