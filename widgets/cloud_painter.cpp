#include "widgets/cloud_painter.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <QPainter>

#include "widgets/cloud_cells.h"

namespace vitreous {
namespace {

/// What a frame may take while camera or look are being changed.
constexpr double moving_ms = 40.0;
constexpr int rest_ms = 200;
constexpr std::size_t least_points = 20'000;

bool isSame(const CloudFrame& a, const CloudFrame& b) {
    return a.size == b.size && a.look == b.look && a.cells == b.cells;
}

std::size_t largestOf(const CloudFrame& frame) {
    std::size_t points = 0;
    for (const CloudCell& cell : frame.cells) {
        points = std::max(points, cell.shape ? cell.shape->cloud->size() : 0);
    }
    return points;
}

} // namespace

CloudPainter::CloudPainter(QWidget& surface, bool use_vtk) : surface_(surface), use_vtk_(use_vtk) {
    rest_.setSingleShot(true);
    rest_.setInterval(rest_ms);
    QObject::connect(&rest_, &QTimer::timeout, &surface_, [this] { surface_.update(); });
}

std::size_t CloudPainter::pointsInTime(const CloudFrame& frame) const {
    const std::size_t all = largestOf(frame);
    if (points_per_ms_ <= 0.0) {
        return 0;
    }
    const double in_time = points_per_ms_ * moving_ms;
    return in_time >= static_cast<double>(all)
               ? 0
               : std::max(least_points, static_cast<std::size_t>(in_time));
}

void CloudPainter::draw(CloudFrame frame) {
    const bool is_moved = !image_.isNull() && frame.look != newest_.look;
    if (is_moved) {
        rest_.start();
    }
    if (is_moved || rest_.isActive()) {
        frame.most_points = pointsInTime(frame);
    }
    // A frame with fewer points stands until the view rests.
    const bool is_there = !image_.isNull() && isSame(frame, newest_) &&
                          (newest_.most_points == 0 || rest_.isActive());
    if (is_there) {
        return;
    }
    QElapsedTimer clock;
    clock.start();
    image_ = renderer_->render(frame);
    const double time_ms = std::max(0.1, static_cast<double>(clock.nsecsElapsed()) * 1e-6);
    const std::size_t all = largestOf(frame);
    const std::size_t drawn = frame.most_points == 0 ? all : std::min(all, frame.most_points);
    const double rate = static_cast<double>(drawn) / time_ms;
    points_per_ms_ = points_per_ms_ <= 0.0 ? rate : 0.5 * (points_per_ms_ + rate);
    newest_ = std::move(frame);
}

void CloudPainter::paint(
    QPainter& painter,
    const GridContent& content,
    const std::vector<VisibleMap>& clouds,
    QSize surface,
    double pixel_ratio) {
    if (clouds.empty()) {
        // What it keeps of them goes with them.
        image_ = {};
        newest_ = {};
        renderer_.reset();
        return;
    }
    if (!renderer_ && use_vtk_) {
        renderer_ = makeVtkRenderer();
    }
    if (!renderer_) {
        renderer_ = makeProjectionRenderer();
    }
    const QSize device = (QSizeF(surface) * pixel_ratio).toSize();
    draw(cloudFrame(content.scene, content.style, clouds, device));
    for (const VisibleMap& cloud : clouds) {
        const QRect seen = cloud.rect.intersected(image_.rect());
        const QRectF place(
            QPointF(seen.topLeft()) / pixel_ratio, QSizeF(seen.size()) / pixel_ratio);
        painter.drawImage(place, image_, QRectF(seen));
    }
}

} // namespace vitreous
