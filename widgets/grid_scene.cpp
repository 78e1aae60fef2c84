#include "widgets/grid_scene.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>

#include "widgets/cell_values.h"
#include "widgets/grid_kinds.h"
#include "widgets/value_range.h"

namespace vitreous {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Grid)
};

/// Figure 3's rows are of different units: no range holds for both.
RangeMode rangeInUse(const ViewState& view) {
    if (view.kind == GridKind::Figure3 && view.range == RangeMode::PerView) {
        return RangeMode::PerRow;
    }
    if (view.kind == GridKind::Filmstrip && view.range == RangeMode::PerMap && view.video.joint) {
        // All maps of a row have the same range then: it is told once.
        return RangeMode::PerRow;
    }
    const bool is_mixed = view.range == RangeMode::PerColumn || view.range == RangeMode::Fixed;
    return view.kind == GridKind::Figure3 && is_mixed ? RangeMode::PerMap : view.range;
}

/// A filmstrip has the frames in a row of their own.
Overlay overlayInUse(const ViewState& view) {
    const bool is_twice = view.kind == GridKind::Filmstrip && view.overlay == Overlay::SideBySide;
    return is_twice ? Overlay::Blend : view.overlay;
}

bool isOfVideo(const GridScene& scene) {
    return std::any_of(scene.models.begin(), scene.models.end(), [](const GridRow& model) {
        return model.extents != nullptr;
    });
}

/// What a rule that is of one frame means for a video.
QString overFrames(const GridScene& scene, const QString& rule) {
    if (!isOfVideo(scene)) {
        return rule;
    }
    const auto has_joint = [](const std::vector<GridCell>& row) {
        return std::any_of(
            row.begin(), row.end(), [](const GridCell& cell) { return cell.joint.has_value(); });
    };
    if (std::any_of(scene.cells.begin(), scene.cells.end(), has_joint)) {
        const bool has_all =
            std::all_of(scene.models.begin(), scene.models.end(), [](const GridRow& model) {
                return model.has_all_frames;
            });
        return (has_all ? Text::tr("%1 over all frames")
                        : Text::tr("%1 over the frames computed so far"))
            .arg(rule);
    }
    const bool is_strip = scene.view.kind == GridKind::Filmstrip;
    const bool is_apart =
        !is_strip || scene.range == RangeMode::PerMap || scene.range == RangeMode::PerColumn;
    return is_apart ? Text::tr("%1, frame by frame").arg(rule) : rule;
}

/// All rows are of one input: the first cloud stands for all.
CloudCamera cameraOf(const std::vector<GridRow>& models, const CloudCamera& camera) {
    const auto first = std::find_if(models.begin(), models.end(), [](const GridRow& model) {
        return model.cloud.shape != nullptr;
    });
    return first == models.end() ? camera : fittedTo(camera, first->cloud.shape->bounds);
}

} // namespace

GridScene buildGridScene(std::vector<GridRow> models, const ViewState& view) {
    GridScene scene;
    scene.view = view;
    scene.range = rangeInUse(view);
    scene.overlay = overlayInUse(view);
    const bool is_difference = view.kind == GridKind::Difference;
    scene.colormap = is_difference ? Colormap::Coolwarm : view.colormap;
    for (const GridRow& model : models) {
        scene.pictures.push_back(model.result ? pictureOf(*model.result) : QImage());
        scene.clouds.push_back(model.cloud);
    }
    scene.camera = cameraOf(models, view.cloud.camera);
    arrangeKind(scene, models);
    setRanges(scene, is_difference);
    scene.quantity = quantityOf(scene, models);
    scene.models = std::move(models);
    return scene;
}

std::optional<ValueRange> rangeOfRow(const GridScene& scene, std::size_t row) {
    for (const GridCell& cell : scene.cells[row]) {
        if (hasMap(cell)) {
            return cell.range;
        }
    }
    return std::nullopt;
}

std::optional<ValueRange> rangeOfView(const GridScene& scene) {
    for (std::size_t row = 0; row < scene.cells.size(); ++row) {
        if (const std::optional<ValueRange> range = rangeOfRow(scene, row)) {
            return range;
        }
    }
    return std::nullopt;
}

bool isRangePerCell(RangeMode mode) {
    return mode == RangeMode::PerMap || mode == RangeMode::PerColumn ||
           mode == RangeMode::Percentile;
}

QString rangeRule(const GridScene& scene) {
    switch (scene.range) {
    case RangeMode::PerMap:
        return overFrames(scene, Text::tr("each map on its own range"));
    case RangeMode::PerRow:
        return overFrames(scene, Text::tr("one range per row"));
    case RangeMode::PerColumn:
        return overFrames(scene, Text::tr("one range per column"));
    case RangeMode::PerView:
        return overFrames(scene, Text::tr("one range for all maps"));
    case RangeMode::Percentile:
        return (isOfVideo(scene) ? Text::tr("each frame’s map from its percentile %1 to %2")
                                 : Text::tr("each map from its percentile %1 to %2"))
            .arg(scene.view.percentiles.low)
            .arg(scene.view.percentiles.high);
    case RangeMode::Fixed:
        return Text::tr("fixed range");
    }
    return {};
}

std::optional<std::size_t> rankOf(const GridCell& cell, TokenIndex token) {
    const float value = cell.values[token.value];
    if (!std::isfinite(value)) {
        return std::nullopt;
    }
    const auto above = std::count_if(
        cell.values.begin(), cell.values.end(), [value](float other) { return other > value; });
    return static_cast<std::size_t>(above) + 1;
}

bool hasMap(const GridCell& cell) {
    return cell.present && !cell.is_picture;
}

bool hasClouds(const GridScene& scene) {
    return std::any_of(scene.cells.begin(), scene.cells.end(), [](const auto& row) {
        return std::any_of(row.begin(), row.end(), [](const GridCell& cell) {
            return cell.present && cell.is_cloud;
        });
    });
}

bool haveSameGrid(const GridCell& a, const GridCell& b) {
    return a.present && b.present && a.is_cloud == b.is_cloud && a.rows == b.rows &&
           a.columns == b.columns;
}

} // namespace vitreous
