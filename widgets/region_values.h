#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "widgets/grid_scene.h"

namespace vitreous {

/// The mean of some tokens' values.
struct RegionMean {
    double value = 0.0;
    std::size_t tokens = 0; ///< whose values are finite numbers

    friend bool operator==(const RegionMean&, const RegionMean&) = default;
};

/// The region's tokens, row by row; none where it does not lie within its grid.
std::vector<TokenIndex> tokensOf(const TokenRegion& region);

/// The mean over the region's finite values in a map; nothing where the map has another grid or no
/// finite value there.
std::optional<RegionMean> meanOf(const GridCell& cell, const TokenRegion& region);

/// The token's value in a map; nothing where the map has another grid.
std::optional<double> valueOf(const GridCell& cell, const TokenPlace& place);

} // namespace vitreous
