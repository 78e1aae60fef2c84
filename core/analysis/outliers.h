#pragma once

#include <span>
#include <vector>

#include "core/base/index.h"

namespace vitreous {

/// Tokens of a map whose value stands out from all others.
struct Outliers {
    double median = 0.0;              ///< of the finite values
    double limit = 0.0;               ///< what lies above it stands out
    std::vector<TokenIndex> tokens{}; ///< in the order of the grid

    friend bool operator==(const Outliers&, const Outliers&) = default;
};

/// How many deviations above the median a value stands out.
inline constexpr double outlierDeviations = 5.0;

/// The tokens above median + 5 * 1.4826 * MAD, where MAD is the median absolute deviation: 1.4826
/// times that is the standard deviation of a normal distribution, and outliers hardly move it.
/// Values that are no finite numbers do not count. Where more than half of the values are the same
/// (MAD 0) nothing tells how far is far: no token stands out. values: one a token.
/// What such tokens are: arXiv 2309.16588 (artefacts of high norm in vision transformers).
Outliers findOutliers(std::span<const float> values);

} // namespace vitreous
