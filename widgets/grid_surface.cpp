#include "widgets/grid_surface.h"

#include <algorithm>
#include <cmath>

#include "widgets/map_image.h"

namespace vitreous {

QRectF bodyRect(const GridContent& content, QSize size) {
    const double top = content.scroll > 0.0 ? content.layout.body_top : 0.0;
    return {0.0, top, static_cast<double>(size.width()), size.height() - top};
}

namespace {

std::vector<VisibleMap>
visibleOnes(const GridContent& content, QSize size, double pixel_ratio, bool are_clouds) {
    const QRectF body = bodyRect(content, size);
    std::vector<VisibleMap> visible;
    const auto add = [&](std::size_t number, const CellPlace& place, bool is_picture) {
        const QRectF& rect = is_picture ? place.picture : place.map;
        const QRectF map = rect.translated(0.0, -content.scroll);
        if (map.isEmpty() || !map.intersects(body)) {
            return;
        }
        // Size and place are rounded apart: all maps of a row are equally large.
        const QPoint corner = (map.topLeft() * pixel_ratio).toPoint();
        const QRect device(corner, (map.size() * pixel_ratio).toSize());
        const MapWindow window(content.scene.view.viewport, device.size());
        const int line_width = std::max(1, static_cast<int>(std::lround(pixel_ratio)));
        visible.push_back(
            {number, place.row, place.column, is_picture, device, window, line_width});
    };
    for (std::size_t i = 0; i < content.layout.cells.size(); ++i) {
        const CellPlace& place = content.layout.cells[i];
        if (content.scene.cells[place.row][place.column].is_cloud == are_clouds) {
            add(2 * i, place, false);
            add(2 * i + 1, place, true);
        }
    }
    return visible;
}

} // namespace

std::vector<VisibleMap> visibleMaps(const GridContent& content, QSize size, double pixel_ratio) {
    return visibleOnes(content, size, pixel_ratio, false);
}

std::vector<VisibleMap> visibleClouds(const GridContent& content, QSize size, double pixel_ratio) {
    return visibleOnes(content, size, pixel_ratio, true);
}

QImage imageOf(const GridScene& scene, const VisibleMap& map) {
    const GridCell& cell = scene.cells[map.row][map.column];
    QImage picture = scaledPicture(scene.pictures[cell.picture], map.window);
    if (!map.is_picture) {
        return composeMap(
            cell, lookOf(scene, cell, !picture.isNull(), map.line_width), picture, map.window);
    }
    if (!picture.isNull()) {
        return picture;
    }
    QImage black(map.rect.size(), QImage::Format_RGB32);
    black.fill(Qt::black);
    return black;
}

void paintAnnotations(QPainter& painter, const GridContent& content, QSize size) {
    const GridDrawing drawing = content.drawing();
    painter.save();
    painter.setClipRect(bodyRect(content, size));
    painter.translate(0.0, -content.scroll);
    paintBody(painter, drawing);
    painter.restore();
    paintLegend(painter, drawing);
}

} // namespace vitreous
