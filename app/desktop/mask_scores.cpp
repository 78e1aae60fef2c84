#include "app/desktop/mask_scores.h"

#include <algorithm>
#include <cmath>

namespace vitreous {

std::optional<MaskScores> scoresOf(std::span<const float> map, const TokenMask& truth) {
    const bool has_object =
        std::any_of(truth.begin(), truth.end(), [](std::uint8_t value) { return value != 0; });
    const bool is_finite =
        std::all_of(map.begin(), map.end(), [](float value) { return std::isfinite(value); });
    if (!has_object || !is_finite || map.size() != truth.size()) {
        return std::nullopt;
    }
    MapScoreSum sum;
    sum.add(map, truth);
    const MapScore score = sum.score();
    return MaskScores{score.iou_one_threshold, score.threshold, score.average_precision};
}

} // namespace vitreous
