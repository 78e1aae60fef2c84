// What is painted over point clouds.

#include <array>
#include <cmath>
#include <utility>

#include <QPainter>
#include <QPainterPath>

#include "widgets/cloud_cells.h"
#include "widgets/grid_painting.h"

namespace vitreous {
namespace {

/// A map of a cloud, or the cloud beside it, with what its points are projected by.
struct CloudPane {
    const GridCell& cell;
    QRectF rect;
    CloudProjection projection;

    [[nodiscard]] std::optional<QPointF> at(const float* point) const {
        const auto place = projection.place({point[0], point[1], point[2]});
        return place ? std::optional(rect.topLeft() + place->pixel) : std::nullopt;
    }
};

template <typename Function>
void overPanes(const GridDrawing& drawing, Function function) {
    const CloudCamera& camera = drawing.scene.camera;
    for (const CellPlace& place : drawing.layout.cells) {
        const GridCell& cell = drawing.scene.cells[place.row][place.column];
        if (!cell.present || !cell.is_cloud) {
            continue;
        }
        for (const QRectF& rect : {place.map, place.picture}) {
            if (!rect.isEmpty()) {
                function(CloudPane{cell, rect, CloudProjection(camera, rect.size())});
            }
        }
    }
}

/// A light and a dark ring, so that one of them shows on any colour.
void paintRing(QPainter& painter, QPointF middle, double radius, double light, double dark) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(Qt::white, light));
    painter.drawEllipse(middle, radius + light / 2.0, radius + light / 2.0);
    painter.setPen(QPen(Qt::black, dark));
    const double outer = radius + light + dark / 2.0;
    painter.drawEllipse(middle, outer, outer);
}

/// The points of a group as dots, its centre as a ring.
/// dark_width: of the ring, in hairlines.
void paintGroup(
    QPainter& painter,
    const GridDrawing& drawing,
    const CloudPane& pane,
    TokenIndex group,
    double dark_width) {
    const GridStyle& style = drawing.style;
    const GridRow& model = drawing.scene.models[pane.cell.picture];
    const CloudUnder& cloud = cloudOf(drawing.scene, pane.cell);
    painter.save();
    painter.setClipRect(pane.rect, Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing);
    const Array& groups = model.result->groups;
    const Array& points = model.result->input;
    if (groups.shape.size() == 2) {
        const auto size = static_cast<std::size_t>(groups.shape[1]);
        const double radius =
            std::clamp(pane.rect.height() / 200.0, 0.75 * style.hairline, 4.0 * style.hairline);
        painter.setPen(QPen(Qt::black, style.hairline));
        painter.setBrush(Qt::white);
        for (std::size_t i = 0; i < size; ++i) {
            const auto row = static_cast<std::size_t>(groups.values[group.value * size + i]);
            if (const auto at = pane.at(&points.values[3 * row])) {
                painter.drawEllipse(*at, radius, radius);
            }
        }
    }
    if (const auto at = pane.at(&cloud.weights->centers.values[3 * group.value])) {
        const double radius =
            std::clamp(pane.rect.height() / 60.0, 2.0 * style.hairline, 10.0 * style.hairline);
        paintRing(painter, *at, radius, 1.5 * style.hairline, dark_width * style.hairline);
    }
    painter.restore();
}

/// Where the axes of the cloud point: thin lines with their letters, in the lower left corner.
void paintAxes(QPainter& painter, const GridDrawing& drawing, const CloudPane& pane) {
    const GridStyle& style = drawing.style;
    constexpr std::array<QVector3D, 3> axes = {
        QVector3D(1, 0, 0), QVector3D(0, 1, 0), QVector3D(0, 0, 1)};
    constexpr std::array<char, 3> letters = {'x', 'y', 'z'};
    constexpr double least_side = 12.0;
    if (pane.rect.height() < least_side * style.step) {
        return;
    }
    const double length = std::min(2.0 * style.step, pane.rect.height() / 10.0);
    const double room = length + 1.25 * style.step;
    const QPointF origin = pane.rect.bottomLeft() + QPointF(room, -room);
    const QRgb ground = lookOfClouds(drawing.scene, style, pane.rect.size()).ground;
    const bool is_dark = qGray(ground) < 128;
    const QColor ink = is_dark ? QColor(0xb0, 0xb0, 0xb0) : QColor(0x60, 0x60, 0x60);
    painter.save();
    painter.setClipRect(pane.rect, Qt::IntersectClip);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(ink, style.hairline));
    painter.setFont(style.small_font);
    const QFontMetricsF metrics(style.small_font, painter.device());
    for (std::size_t i = 0; i < axes.size(); ++i) {
        const QVector3D seen = pane.projection.toCamera().mapVector(axes[i]);
        const QPointF direction(double(seen.x()), -double(seen.y()));
        painter.drawLine(origin, origin + direction * length);
        const QString letter = QChar::fromLatin1(letters[i]);
        const double out = std::hypot(direction.x(), direction.y());
        // The letter of an axis that points at the viewer would lie on the others.
        constexpr double least_out = 0.25;
        if (out > least_out) {
            const QPointF at = origin + direction * (length + 0.75 * style.step / out);
            const QRectF box = metrics.tightBoundingRect(letter);
            painter.drawText(at - box.center(), letter);
        }
    }
    painter.restore();
}

/// A cell with that many groups; of several the first.
const GridCell* cellOfGroups(const GridScene& scene, int groups) {
    for (const std::vector<GridCell>& row : scene.cells) {
        for (const GridCell& cell : row) {
            if (cell.present && cell.is_cloud && cell.columns == groups) {
                return &cell;
            }
        }
    }
    return nullptr;
}

} // namespace

void paintCloudMarks(QPainter& painter, const GridDrawing& drawing) {
    if (!hasClouds(drawing.scene)) {
        return;
    }
    // One camera: one marker.
    bool has_axes = false;
    overPanes(drawing, [&](const CloudPane& pane) {
        if (!std::exchange(has_axes, true)) {
            paintAxes(painter, drawing, pane);
        }
    });
    const auto mark = [&](const GridCell& from, TokenIndex group, double dark_width) {
        overPanes(drawing, [&](const CloudPane& pane) {
            if (const auto same = sameGroup(drawing.scene, from, group, pane.cell)) {
                paintGroup(painter, drawing, pane, *same, dark_width);
            }
        });
    };
    constexpr double broad = 2.0;
    const auto& pinned = drawing.scene.view.selection.pinned;
    if (pinned && pinned->is_group) {
        if (const GridCell* from = cellOfGroups(drawing.scene, pinned->columns)) {
            mark(*from, pinned->token, broad);
        }
    }
    if (drawing.hover) {
        const GridCell& from = drawing.scene.cells[drawing.hover->row][drawing.hover->column];
        mark(from, drawing.hover->token, 1.0);
    }
}

} // namespace vitreous
