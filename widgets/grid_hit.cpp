#include <algorithm>
#include <cmath>

#include "widgets/cloud_cells.h"
#include "widgets/grid_layout.h"

namespace vitreous {

QRectF tokenRect(const QRectF& map, int rows, int columns, TokenIndex token) {
    const std::size_t row = token.value / static_cast<std::size_t>(columns);
    const std::size_t column = token.value % static_cast<std::size_t>(columns);
    const double width = map.width() / columns;
    const double height = map.height() / rows;
    return {
        map.left() + static_cast<double>(column) * width,
        map.top() + static_cast<double>(row) * height, width, height};
}

TokenIndex nearestToken(const GridCell& cell, const CellPlace& place, QPointF point) {
    const bool is_beside = !place.picture.isEmpty() && point.x() < place.picture.right();
    const QRectF whole = is_beside
                             ? place.whole.translated(place.picture.topLeft() - place.map.topLeft())
                             : place.whole;
    const auto along = [](double offset, double length, int tokens) {
        return std::clamp(static_cast<int>(std::floor(offset / length * tokens)), 0, tokens - 1);
    };
    const int column = along(point.x() - whole.left(), whole.width(), cell.columns);
    const int row = along(point.y() - whole.top(), whole.height(), cell.rows);
    return TokenIndex{static_cast<std::size_t>(row * cell.columns + column)};
}

std::optional<GridHit> hitTest(const GridScene& scene, const GridLayout& layout, QPointF point) {
    const auto isInside = [&point](const QRectF& rect) {
        return !rect.isEmpty() && point.x() >= rect.left() && point.x() < rect.right() &&
               point.y() >= rect.top() && point.y() < rect.bottom();
    };
    for (const CellPlace& place : layout.cells) {
        if (isInside(place.map) || isInside(place.picture)) {
            const GridCell& cell = scene.cells[place.row][place.column];
            if (!cell.is_cloud) {
                return GridHit{place.row, place.column, nearestToken(cell, place, point)};
            }
            const QRectF& seen = isInside(place.map) ? place.map : place.picture;
            const auto group = groupAt(scene, cell, seen.size(), point - seen.topLeft());
            return group ? std::optional(GridHit{place.row, place.column, *group}) : std::nullopt;
        }
    }
    return std::nullopt;
}

} // namespace vitreous
