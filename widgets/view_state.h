#pragma once

#include <optional>

#include "core/analysis/result.h"
#include "core/base/index.h"
#include "core/media/colormap.h"

namespace vitreous {

enum class Sampling { Nearest, Bilinear };
enum class RangeMode { PerMap, PerRow, PerView };

/// How the grid shows its results. Plain value: every control reads and writes this, none holds its
/// own.
struct ViewState {
    MapKind map = MapKind::Magnitude;
    std::optional<HeadIndex> head; ///< of the attention; none: the mean over heads
    Sampling sampling = Sampling::Nearest;
    double opacity = 0.75; ///< 0..1, of the map over the picture
    Colormap colormap = Colormap::Viridis;
    RangeMode range = RangeMode::PerMap;

    friend bool operator==(const ViewState&, const ViewState&) = default;
};

} // namespace vitreous
