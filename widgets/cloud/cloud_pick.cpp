#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/cloud/point_transform.h"

namespace vitreous {
namespace {

/// Which points of a block may be the one that is looked for. Said in floats and with some room:
/// those few are then looked at exactly.
class Candidates {
public:
    Candidates(const CloudCamera& camera, const CloudProjection& projection, QSizeF size)
        : is_perspective_(camera.projection == Projection::Perspective),
          middle_(size.width() / 2.0, size.height() / 2.0) {
        const QVector4D origin = projection.toCamera().column(3);
        constexpr double room = 1e-5; // many times what floats round off
        rounding_ = room * (1.0 + double(origin.length()));
        rounding_across_ = static_cast<float>(rounding_ * projection.scaleAt(1.0));
    }

    /// Within so many pixels of a place.
    void near(QPointF at, double radius) {
        across_ = static_cast<float>(middle_.x() - at.x());
        down_ = static_cast<float>(middle_.y() - at.y());
        constexpr double pixels = 0.5;
        constexpr double farthest = 1e9; // whose square is still a float
        reach_ = static_cast<float>(std::min(std::abs(radius) + pixels, farthest));
    }

    /// Nearer than so deep.
    void nearerThan(double depth) { depth_ = static_cast<float>(depth + rounding_); }

    /// A number that is not 0 for each candidate; false where there is none.
    bool mark(
        const SeenBlock& seen,
        std::size_t count,
        std::array<std::int32_t, block_points>& marks) const {
        return is_perspective_ ? markAs<true>(seen, count, marks)
                               : markAs<false>(seen, count, marks);
    }

private:
    template <bool IsPerspective>
    bool markAs(
        const SeenBlock& seen,
        std::size_t count,
        std::array<std::int32_t, block_points>& marks) const {
        const float across = across_;
        const float down = down_;
        const float reach = reach_;
        const float rounding = rounding_across_;
        const float deepest = depth_;
        std::int32_t any = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const float depth = seen.depth[i];
            // In a perspective view a pixel is the wider the deeper it is.
            const float wide = IsPerspective ? depth : 1.0F;
            const float x = seen.x[i] + across * wide;
            const float y = seen.y[i] + down * wide;
            const float most = reach * wide + rounding;
            const bool is_near = (x * x + y * y <= most * most) & (depth < deepest);
            marks[i] = is_near ? 1 : 0;
            any |= marks[i];
        }
        return any != 0;
    }

    bool is_perspective_;
    QPointF middle_;
    double rounding_;
    float rounding_across_;
    float across_ = 0.0F;
    float down_ = 0.0F;
    float reach_ = 0.0F;
    float depth_ = std::numeric_limits<float>::infinity();
};

} // namespace

QVector3D pointAt(const CloudShape& shape, std::size_t point) {
    const auto [x, y, z] = placedIn(shape.sphere, &shape.cloud->positions[3 * point]);
    return {x, y, z};
}

std::optional<std::size_t> pickPoint(
    const CloudShape& shape,
    const CloudCamera& camera,
    QSizeF size,
    QPointF at,
    double radius,
    std::size_t most_points) {
    const CloudProjection projection(camera, size);
    const PointTransform transform(shape.sphere, projection, projection.scaleAt(1.0));
    const std::size_t step = stepOver(shape.cloud->size(), std::max<std::size_t>(most_points, 1));
    const std::size_t points = (shape.cloud->size() + step - 1) / step;
    Candidates candidates(camera, projection, size);
    candidates.near(at, radius);
    std::optional<std::size_t> found;
    double nearest = std::numeric_limits<double>::infinity();
    SeenBlock seen;
    std::array<std::int32_t, block_points> marks;
    for (std::size_t first = 0; first < points; first += block_points) {
        const std::size_t count = std::min(block_points, points - first);
        transform.apply(shape.cloud->positions, first * step, step, count, seen);
        if (!candidates.mark(seen, count, marks)) {
            continue;
        }
        for (std::size_t i = 0; i < count; ++i) {
            if (marks[i] == 0) {
                continue;
            }
            const std::size_t point = (first + i) * step;
            const auto place = projection.place(pointAt(shape, point));
            if (!place || place->depth >= nearest) {
                continue;
            }
            const QPointF away = place->pixel - at;
            if (away.x() * away.x() + away.y() * away.y() <= radius * radius) {
                nearest = place->depth;
                candidates.nearerThan(nearest);
                found = point;
            }
        }
    }
    return found;
}

} // namespace vitreous
