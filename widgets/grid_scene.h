#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <QColor>
#include <QImage>
#include <QString>

#include "core/analysis/result.h"
#include "widgets/cloud/cloud_renderer.h"
#include "widgets/stage_times.h"
#include "widgets/video_extents.h"
#include "widgets/view_state.h"

namespace vitreous {

/// One token's attention: by block name, (heads, rows, columns).
using AttentionMaps = std::map<std::string, Array>;

/// The point cloud under a model's maps, and how its groups' values reach the points; null where
/// the input is a picture.
struct CloudUnder {
    std::shared_ptr<const CloudShape> shape;
    std::shared_ptr<const GroupWeights> weights;

    friend bool operator==(const CloudUnder&, const CloudUnder&) = default;
};

/// A frame of the filmstrip.
struct FilmFrame {
    std::size_t frame = 0; ///< of the video, in order of showing
    double time_secs = 0.0;
    std::shared_ptr<const AnalysisResult> result; ///< null: not computed yet
    bool is_current = false;                      ///< the one that the other views show
};

/// One row of the grid. As what buildGridScene is given: one model, with its result for the current
/// input, or why there is none.
struct GridRow {
    QString label;
    QColor chip;                                  ///< the model's colour in all plots
    std::shared_ptr<const AnalysisResult> result; ///< null while there is none
    QString message;                              ///< shown in the row's place where result is null
    std::shared_ptr<const AttentionMaps> attention = {}; ///< of the pinned token; null: not known
    std::optional<StageTimes> times = {};                ///< of result, where they were measured
    CloudUnder cloud = {};                               ///< of a result of points
    std::vector<FilmFrame> film = {};                    ///< of a video
    std::shared_ptr<const VideoExtents> extents = {};    ///< of a video; null: of a still input
    bool has_all_frames = true; ///< of a video: extents are of all its frames
};

/// One map over its picture or point cloud.
struct GridCell {
    bool present = false;      ///< false: this model has no such tap
    std::vector<float> values; ///< raw, rows * columns, row-major
    int rows = 0;
    int columns = 0;
    ValueRange range;
    std::size_t picture = 0; ///< index into GridScene::pictures and clouds
    bool is_cloud = false;   ///< values are of groups of points: 1 row, a column a group
    bool is_picture = false; ///< the picture alone; no value is a number
    std::optional<float> threshold = {}; ///< instead of the view's
    /// Smallest and largest value of the map in all frames of its video, where they count for its
    /// range; nothing: those of values.
    std::optional<ValueRange> joint = {};

    friend bool operator==(const GridCell&, const GridCell&) = default;
};

/// A column of the grid, such as one tap.
struct GridColumn {
    QString label;           ///< short; a line break parts a model from its tap
    QString name;            ///< in full, for tooltips
    QColor chip = {};        ///< of the column's model; invalid: the rows are the models
    bool is_current = false; ///< the frame that the other views show
};

/// What the grid shows, without places or sizes: the canvas, the painter and the figure all draw
/// it.
struct GridScene {
    std::vector<GridRow> models; ///< that it was built from
    std::vector<GridRow> rows;
    std::vector<GridColumn> columns;
    std::vector<std::vector<GridCell>> cells; ///< [row][column]
    /// One a model: the picture under its maps; behind them those of the filmstrip's frames.
    std::vector<QImage> pictures;
    std::vector<CloudUnder> clouds; ///< one a model: the point cloud under its maps
    ViewState view;
    CloudCamera camera;                    ///< in use: view.cloud.camera, fitted where it is to be
    RangeMode range = RangeMode::PerMap;   ///< in use: view.range where that makes sense
    Overlay overlay = Overlay::Blend;      ///< in use: view.overlay where that makes sense
    Colormap colormap = Colormap::Viridis; ///< in use
    std::vector<GridColumn> choices;       ///< the taps or blocks that view.tap chooses from
    std::optional<std::size_t> choice;     ///< the chosen one; nothing: this kind has no choice
    QString
        quantity; ///< with unit, for the colour bar: "Magnitude (L2 distance from the mean token)"
};

/// Gathers what the grid shows from the models' results and the view. Models without a result keep
/// their message. Non-finite values do not count for a range; without any finite value it is 0..1.
/// A constant map has low == high. Differences are of maps normalised to 0..1, B - A, and have
/// ranges symmetric about 0. Of a video with view.video.joint a map counts with its smallest and
/// largest value in all frames (percentiles are of the frame), and differences have the range -1..1
/// in every frame. The filmstrip's rows are the frames themselves, then each model's maps twice:
/// the tokens at or over view.video.low_level, and over high_level. Where a model lacks a tap,
/// Heads, Scrub, Difference and Filmstrip take its last one before that, and name it.
GridScene buildGridScene(std::vector<GridRow> models, const ViewState& view);

/// The range that a row's maps share under RangeMode::PerRow, PerView or Fixed; nothing where it
/// has none.
std::optional<ValueRange> rangeOfRow(const GridScene& scene, std::size_t row);
/// The range that all maps share under RangeMode::PerView or Fixed; nothing where there is no map.
std::optional<ValueRange> rangeOfView(const GridScene& scene);

/// True where each map's numbers may differ from its neighbour's.
bool isRangePerCell(RangeMode mode);
/// "each map on its own range", ...: the rule behind the ranges in use, for people.
QString rangeRule(const GridScene& scene);

/// The token's place among the map's values, 1 for the largest; nothing where it has no finite
/// value.
std::optional<std::size_t> rankOf(const GridCell& cell, TokenIndex token);

/// True where a cell has a map, not the picture alone.
bool hasMap(const GridCell& cell);

/// True where some map is of a point cloud.
bool hasClouds(const GridScene& scene);

/// True where one map fits another's token grid, so that a token means the same place in both.
/// Groups of points are the same where their centres are: see sameGroup in cloud_cells.h.
bool haveSameGrid(const GridCell& a, const GridCell& b);

} // namespace vitreous
