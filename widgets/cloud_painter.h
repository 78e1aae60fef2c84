#pragma once

#include <memory>

#include <QElapsedTimer>
#include <QImage>
#include <QTimer>

#include "widgets/grid_surface.h"

namespace vitreous {

/// Draws the point clouds of a surface. Keeps the newest frame while nothing of it changes. Of
/// clouds that take long, fewer points are drawn while camera or look change; once they rest, all.
class CloudPainter {
public:
    /// use_vtk: where it can be used; else the CPU projects.
    CloudPainter(QWidget& surface, bool use_vtk);

    /// Paints the clouds at their places. painter: over the surface, in its unit.
    void paint(
        QPainter& painter,
        const GridContent& content,
        const std::vector<VisibleMap>& clouds,
        QSize surface,
        double pixel_ratio);

private:
    void draw(CloudFrame frame);
    [[nodiscard]] std::size_t pointsInTime(const CloudFrame& frame) const;

    QWidget& surface_;
    bool use_vtk_;
    std::unique_ptr<CloudRenderer> renderer_; ///< made when the first cloud is drawn
    CloudFrame newest_;                       ///< that image_ shows
    QImage image_;
    double points_per_ms_ = 0.0; ///< of one cloud, by the newest frames; 0: not known yet
    QTimer rest_;                ///< until the view counts as resting
};

} // namespace vitreous
