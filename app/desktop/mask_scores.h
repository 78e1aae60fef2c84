#pragma once

#include <optional>
#include <span>

#include "core/analysis/evaluation.h"

namespace vitreous {

/// How well one map finds the object of its picture.
struct MaskScores {
    double iou = 0.0;               ///< at the best threshold
    double threshold = 0.0;         ///< that one, of the normalised map
    double average_precision = 0.0; ///< without any threshold

    friend bool operator==(const MaskScores&, const MaskScores&) = default;
};

/// The scores of a raw map. Nothing where the truth has no object, is of another grid, or a value
/// of the map is no finite number.
std::optional<MaskScores> scoresOf(std::span<const float> map, const TokenMask& truth);

} // namespace vitreous
