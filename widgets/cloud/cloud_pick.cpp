#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/cloud/cloud_renderer.h"

namespace vitreous {

QVector3D pointAt(const CloudShape& shape, std::size_t point) {
    const auto along = [&](std::size_t axis) {
        const double offset =
            double(shape.cloud->positions[3 * point + axis]) - shape.sphere.center[axis];
        return static_cast<float>(offset / shape.sphere.radius);
    };
    return {along(0), along(1), along(2)};
}

std::optional<std::size_t> pickPoint(
    const CloudShape& shape,
    const CloudCamera& camera,
    QSizeF size,
    QPointF at,
    double radius,
    std::size_t most_points) {
    const CloudProjection projection(camera, size);
    const std::size_t points = shape.cloud->size();
    const std::size_t step = (points + most_points - 1) / std::max<std::size_t>(most_points, 1);
    std::optional<std::size_t> found;
    double nearest = std::numeric_limits<double>::infinity();
    for (std::size_t point = 0; point < points; point += std::max<std::size_t>(step, 1)) {
        const auto place = projection.place(pointAt(shape, point));
        if (!place || place->depth >= nearest) {
            continue;
        }
        const QPointF away = place->pixel - at;
        if (away.x() * away.x() + away.y() * away.y() <= radius * radius) {
            nearest = place->depth;
            found = point;
        }
    }
    return found;
}

} // namespace vitreous
