#include "widgets/grid_surface.h"

#include <cmath>

namespace vitreous {

QRectF bodyRect(const GridContent& content, QSize size) {
    const double top = content.scroll > 0.0 ? content.layout.body_top : 0.0;
    return {0.0, top, static_cast<double>(size.width()), size.height() - top};
}

std::vector<VisibleMap> visibleMaps(const GridContent& content, QSize size, double pixel_ratio) {
    const QRectF body = bodyRect(content, size);
    std::vector<VisibleMap> visible;
    for (std::size_t i = 0; i < content.layout.cells.size(); ++i) {
        const QRectF map = content.layout.cells[i].map.translated(0.0, -content.scroll);
        if (map.isEmpty() || !map.intersects(body)) {
            continue;
        }
        // Size and place are rounded apart: all maps of a row are equally large.
        const QPoint corner = (map.topLeft() * pixel_ratio).toPoint();
        visible.push_back({i, QRect(corner, (map.size() * pixel_ratio).toSize())});
    }
    return visible;
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
