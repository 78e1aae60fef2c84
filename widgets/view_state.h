#pragma once

#include <optional>

#include "core/analysis/result.h"
#include "core/base/index.h"
#include "core/media/colormap.h"

namespace vitreous {

enum class Sampling { Nearest, Bilinear };
enum class RangeMode { PerMap, PerRow, PerView };

/// A token of a grid of visual tokens: the same place in every map with that grid.
struct TokenPlace {
    TokenIndex token;
    int rows = 0;
    int columns = 0;

    friend bool operator==(const TokenPlace&, const TokenPlace&) = default;
};

/// What is picked out in the maps for a closer look.
struct Selection {
    std::optional<TokenPlace> pinned;

    friend bool operator==(const Selection&, const Selection&) = default;
};

/// How the grid shows its results. Plain value: every control reads and writes this, none holds its
/// own.
struct ViewState {
    MapKind map = MapKind::Magnitude;
    std::optional<HeadIndex> head; ///< of the attention; none: the mean over heads
    Sampling sampling = Sampling::Nearest;
    double opacity = 0.75; ///< 0..1, of the map over the picture
    Colormap colormap = Colormap::Viridis;
    RangeMode range = RangeMode::PerMap;
    Selection selection;

    friend bool operator==(const ViewState&, const ViewState&) = default;
};

} // namespace vitreous
