#include "widgets/cloud_cells.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <QCoreApplication>

#include "widgets/grid_surface.h"

namespace vitreous {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(Grid)
};

/// How far from a point its group is still meant, in the unit of a cell.
constexpr double reach = 6.0;
/// Of a cell's height.
constexpr double most_point_share = 0.15;

QRgb mixed(const QColor& ground, const QColor& ink, double share) {
    const auto channel = [share](int from, int to) {
        return static_cast<int>(std::lround(from + (to - from) * share));
    };
    return qRgb(
        channel(ground.red(), ink.red()), channel(ground.green(), ink.green()),
        channel(ground.blue(), ink.blue()));
}

QColor groundOf(const CloudView& view, const GridStyle& style) {
    switch (view.ground) {
    case CloudGround::White:
        return Qt::white;
    case CloudGround::Black:
        return Qt::black;
    case CloudGround::Theme:
        break;
    }
    return style.ground;
}

bool hasOwnColors(const GridScene& scene) {
    return std::any_of(scene.clouds.begin(), scene.clouds.end(), [](const CloudUnder& cloud) {
        return cloud.shape && !cloud.shape->cloud->colors.empty();
    });
}

/// All rows are of one input: the first cloud stands for all.
double usualPointSize(const GridScene& scene) {
    const auto first =
        std::find_if(scene.clouds.begin(), scene.clouds.end(), [](const CloudUnder& cloud) {
            return cloud.shape != nullptr;
        });
    return first == scene.clouds.end() ? 0.0 : first->shape->point_size;
}

} // namespace

const CloudUnder& cloudOf(const GridScene& scene, const GridCell& cell) {
    return scene.clouds[cell.picture];
}

bool haveSameGroups(const CloudUnder& a, const CloudUnder& b) {
    return a.weights && b.weights &&
           (a.weights == b.weights || a.weights->centers == b.weights->centers);
}

std::optional<TokenIndex>
sameGroup(const GridScene& scene, const GridCell& from, TokenIndex group, const GridCell& to) {
    if (!from.is_cloud || !to.is_cloud) {
        return std::nullopt;
    }
    const CloudUnder& source = cloudOf(scene, from);
    const CloudUnder& target = cloudOf(scene, to);
    if (!source.weights || !target.weights || group.value >= source.weights->groupCount()) {
        return std::nullopt;
    }
    if (haveSameGroups(source, target)) {
        return group;
    }
    const float* center = &source.weights->centers.values[3 * group.value];
    const PointShares nearest =
        sharesAt({center[0], center[1], center[2]}, target.weights->centers.values);
    return TokenIndex{nearest.groups[0]};
}

std::optional<TokenIndex>
groupAt(const GridScene& scene, const GridCell& cell, QSizeF size, QPointF at) {
    const CloudUnder& cloud = cloudOf(scene, cell);
    if (!cloud.shape || !cloud.weights) {
        return std::nullopt;
    }
    const double radius = std::max(reach, lookOfClouds(scene, {}, size).point_size / 2.0);
    const std::optional<std::size_t> point =
        pickPoint(*cloud.shape, scene.camera, size, at, radius);
    return point ? std::optional(TokenIndex{cloud.weights->groups[*point][0]}) : std::nullopt;
}

CloudLook lookOfClouds(const GridScene& scene, const GridStyle& style, QSizeF size) {
    const ViewState& view = scene.view;
    const QColor ground = groundOf(view.cloud, style);
    const bool is_dark = qGray(ground.rgb()) < 128;
    constexpr double plain = 0.42;
    CloudLook look;
    look.camera = scene.camera;
    look.values = view.cloud.values;
    look.shows_centers = view.cloud.shows_centers;
    look.shading = view.cloud.shading;
    const CloudProjection projection(look.camera, size);
    look.point_size = std::clamp(
        view.cloud.point_size * usualPointSize(scene) * projection.scaleAt(look.camera.distance),
        1.0, std::max(1.0, most_point_share * size.height()));
    look.colormap = scene.colormap;
    const bool is_alone = view.overlay == Overlay::Heat || view.overlay == Overlay::SideBySide;
    look.opacity = hasOwnColors(scene) && !is_alone ? static_cast<float>(view.opacity) : 1.0F;
    look.threshold = static_cast<float>(view.threshold);
    look.ground = ground.rgb();
    look.plain = mixed(ground, is_dark ? Qt::white : Qt::black, plain);
    look.no_value = neutral_color.rgb();
    return look;
}

CloudCell cloudCell(const GridScene& scene, const VisibleMap& map) {
    const GridCell& cell = scene.cells[map.row][map.column];
    const CloudUnder& cloud = cloudOf(scene, cell);
    CloudCell drawn;
    drawn.rect = map.rect;
    drawn.shape = cloud.shape;
    if (!map.is_picture) {
        drawn.weights = cloud.weights;
        drawn.values = cell.values;
        drawn.low = static_cast<float>(cell.range.low);
        drawn.high = static_cast<float>(cell.range.high);
    }
    return drawn;
}

CloudFrame cloudFrame(
    const GridScene& scene,
    const GridStyle& style,
    const std::vector<VisibleMap>& clouds,
    QSize size) {
    CloudFrame frame;
    frame.size = size;
    if (!clouds.empty()) {
        frame.look = lookOfClouds(scene, style, clouds.front().rect.size());
        // What lies between the cells is the surface's.
        frame.cells.reserve(clouds.size());
        for (const VisibleMap& map : clouds) {
            frame.cells.push_back(cloudCell(scene, map));
        }
    }
    return frame;
}

QString cloudRule(const GridScene& scene) {
    if (!hasClouds(scene)) {
        return {};
    }
    return scene.view.cloud.values == GroupValues::Raw
               ? Text::tr("points take the value of the nearest group centre")
               : Text::tr("points take their values by inverse distance from the %1 nearest group "
                          "centres")
                     .arg(nearest_groups);
}

} // namespace vitreous
