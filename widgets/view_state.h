#pragma once

#include <optional>
#include <string>

#include "core/analysis/result.h"
#include "core/base/index.h"
#include "core/media/colormap.h"
#include "widgets/cloud/cloud_view.h"

namespace vitreous {

/// What the grid's rows and columns are.
enum class GridKind {
    Layers,     ///< a row a model, a column a tap
    Heads,      ///< a row a model, a column a head of one block's attention
    Figure3,    ///< the paper's figure 3: magnitude and frequency at its taps
    Scrub,      ///< one large map a model, at one tap
    Difference, ///< the first model's normalised maps taken from those of each other model
    Filmstrip,  ///< one tap of a video, a column a frame: the paper's figure 5
};

enum class Sampling { Nearest, Bilinear };

/// Which maps share the numbers that 0 and 1 of the colour map stand for.
enum class RangeMode {
    PerMap,
    PerRow,
    PerColumn,
    PerView,
    Percentile, ///< each map between two of its percentiles
    Fixed,      ///< numbers of the user's
};

/// How a map and its picture share a cell.
enum class Overlay {
    Blend,      ///< the map over the picture, with an opacity
    Heat,       ///< the map alone
    Contour,    ///< lines of equal value over the picture
    SideBySide, ///< the picture beside the map
};

/// Whose attention is shown.
enum class AttentionQuery { Cls, PinnedToken };

/// The numbers that 0 and 1 of the colour map stand for.
struct ValueRange {
    double low = 0.0;
    double high = 1.0;

    friend bool operator==(const ValueRange&, const ValueRange&) = default;
};

/// Farthest that a fixed range may reach: half a float's range, so that its span is a float too.
inline constexpr double farthest_range = 1.7e38;
/// low below high, both within farthest_range.
inline bool isUsable(const ValueRange& range) {
    return range.low >= -farthest_range && range.low < range.high && range.high <= farthest_range;
}

/// A token of a grid of visual tokens: the same place in every map with that grid. Of a point
/// cloud a group: its grid is 1 x groups.
struct TokenPlace {
    TokenIndex token;
    int rows = 0;
    int columns = 0;
    bool is_group = false;

    friend bool operator==(const TokenPlace&, const TokenPlace&) = default;
};

/// A rectangle of a grid of visual tokens, both ends included.
struct TokenRegion {
    int first_row = 0;
    int first_column = 0;
    int last_row = 0;
    int last_column = 0;
    int rows = 0; ///< of the grid
    int columns = 0;

    friend bool operator==(const TokenRegion&, const TokenRegion&) = default;
};

/// What is picked out in the maps for a closer look.
struct Selection {
    std::optional<TokenPlace> pinned;
    std::optional<TokenRegion> region;

    friend bool operator==(const Selection&, const Selection&) = default;
};

/// The part of the input that every cell shows.
struct Viewport {
    double zoom = 1.0;     ///< 1: all of it; at most 64
    double center_x = 0.5; ///< of the part, in parts of the input's width and height
    double center_y = 0.5;

    friend bool operator==(const Viewport&, const Viewport&) = default;
};

inline constexpr int most_film_columns = 64;
inline constexpr int most_frame_step = 1000;
inline constexpr double least_speed = 0.01;
inline constexpr double most_speed = 100.0;

/// How a video's maps are computed and shown.
struct VideoView {
    bool joint = true; ///< a map's range is that of all frames of the video, else each frame's own
    double low_level = 0.4; ///< 0..1 of the range: the filmstrip's two thresholds
    double high_level = 0.7;
    int columns = 8;           ///< frames of the filmstrip, 1..most_film_columns
    bool frames_apart = false; ///< centring per frame (AnalysisOptions::frames_apart)
    int every = 1;             ///< image models run on every n-th frame, 1..most_frame_step
    bool windows = false;      ///< clip models run on clip after clip, else on one of all the video
    std::size_t frame = 0;     ///< that is looked at, in order of showing
    bool loops = false;        ///< playing begins again at the end
    double speed = 1.0;        ///< of playing: of the video's own, least_speed..most_speed

    friend bool operator==(const VideoView&, const VideoView&) = default;
};

/// How the grid shows its results. Plain value: every control reads and writes this, none holds its
/// own.
struct ViewState {
    GridKind kind = GridKind::Layers;
    MapKind map = MapKind::Magnitude;
    std::optional<HeadIndex> head; ///< of the attention; none: the mean over heads
    AttentionQuery query = AttentionQuery::Cls;
    std::string tap; ///< that Scrub shows, block of Heads; empty or absent: the last one
    Sampling sampling = Sampling::Nearest;
    Overlay overlay = Overlay::Blend;
    double opacity = 0.75;  ///< 0..1, of the map over the picture
    double threshold = 0.0; ///< 0..1 of the range: tokens below it show the picture alone
    Colormap colormap = Colormap::Viridis;
    RangeMode range = RangeMode::PerMap;
    ValueRange percentiles{2.0, 98.0}; ///< of RangeMode::Percentile
    ValueRange fixed;                  ///< of RangeMode::Fixed
    Viewport viewport;
    CloudView cloud;
    VideoView video;
    Selection selection;

    friend bool operator==(const ViewState&, const ViewState&) = default;
};

} // namespace vitreous
