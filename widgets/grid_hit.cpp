#include <algorithm>

#include "widgets/grid_layout.h"

namespace vitreous {

QRectF tokenRect(const QRectF& map, int rows, int columns, TokenIndex token) {
    const auto row = static_cast<double>(token.value / static_cast<std::size_t>(columns));
    const auto column = static_cast<double>(token.value % static_cast<std::size_t>(columns));
    const double width = map.width() / columns;
    const double height = map.height() / rows;
    return {map.left() + column * width, map.top() + row * height, width, height};
}

std::optional<GridHit> hitTest(const GridScene& scene, const GridLayout& layout, QPointF point) {
    for (const CellPlace& place : layout.cells) {
        const QRectF& map = place.map;
        if (map.isEmpty() || point.x() < map.left() || point.x() >= map.right() ||
            point.y() < map.top() || point.y() >= map.bottom()) {
            continue;
        }
        const GridCell& cell = scene.cells[place.row][place.column];
        const int column = static_cast<int>((point.x() - map.left()) / map.width() * cell.columns);
        const int row = static_cast<int>((point.y() - map.top()) / map.height() * cell.rows);
        const auto token = static_cast<std::size_t>(
            std::min(row, cell.rows - 1) * cell.columns + std::min(column, cell.columns - 1));
        return GridHit{place.row, place.column, TokenIndex{token}};
    }
    return std::nullopt;
}

} // namespace vitreous
