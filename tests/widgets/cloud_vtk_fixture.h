#pragma once

#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include <QColor>
#include <QImage>

#include "widgets/cloud/cloud_renderer.h"

/// Clouds of a few points, whose picture can be told beforehand.
namespace vitreous::samples {

inline constexpr QRgb ground = 0xff101418;
inline constexpr QRgb plain = 0xffa0a4a8;
inline constexpr QRgb no_value = 0xff7a2b8c;
inline constexpr float missing = std::numeric_limits<float>::quiet_NaN();

/// Points that are in the unit sphere already. colors: three bytes a point, or none.
inline std::shared_ptr<const CloudShape> shapeOf(
    std::vector<float> xyz,
    std::vector<std::uint8_t> colors = {}) {
    auto cloud = std::make_shared<PointCloud>();
    cloud->positions = std::move(xyz);
    cloud->colors = std::move(colors);
    return std::make_shared<CloudShape>(vitreous::shapeOf(std::move(cloud), UnitSphere{}));
}

inline std::shared_ptr<const GroupWeights> weightsOf(
    const CloudShape& shape,
    std::vector<float> centers) {
    Array array;
    array.shape = {std::int64_t(centers.size() / 3), 3};
    array.values = std::move(centers);
    return std::make_shared<GroupWeights>(weighGroups(*shape.cloud, shape.sphere, array));
}

inline CloudCamera frontCamera() {
    CloudCamera camera;
    camera.azimuth = 0.0;
    camera.elevation = 0.0;
    return camera;
}

inline CloudFrame flatFrame(QSize size, double point_size = 9.0) {
    CloudFrame frame;
    frame.size = size;
    frame.look.camera = frontCamera();
    frame.look.shading = CloudShading::None;
    frame.look.point_size = point_size;
    frame.look.ground = ground;
    frame.look.plain = plain;
    frame.look.no_value = no_value;
    return frame;
}

/// A frame of one cell that fills it.
inline CloudFrame frameOf(
    const std::shared_ptr<const CloudShape>& shape,
    QSize size = {200, 200},
    double point_size = 9.0) {
    CloudFrame frame = flatFrame(size, point_size);
    CloudCell cell;
    cell.rect = QRect(QPoint(), size);
    cell.shape = shape;
    frame.cells.push_back(cell);
    return frame;
}

/// Where a point's middle is in the frame. Null: behind the camera.
inline QPointF placeIn(const CloudFrame& frame, const CloudCell& cell, std::size_t point) {
    const CloudProjection projection(frame.look.camera, cell.rect.size());
    const auto place = projection.place(pointAt(*cell.shape, point));
    return place ? place->pixel + QPointF(cell.rect.topLeft()) : QPointF(-1e6, -1e6);
}

inline QRgb colorAt(const QImage& image, QPointF place) {
    const QPoint pixel(int(std::floor(place.x())), int(std::floor(place.y())));
    return image.valid(pixel) ? image.pixel(pixel) : 0;
}

/// The middle of all pixels of a colour; null where there is none.
inline QPointF middleOf(const QImage& image, QRgb color, int* count = nullptr) {
    QPointF sum;
    int pixels = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (image.pixel(x, y) == color) {
                sum += QPointF(x + 0.5, y + 0.5);
                ++pixels;
            }
        }
    }
    if (count != nullptr) {
        *count = pixels;
    }
    return pixels > 0 ? sum / pixels : QPointF();
}

inline int differentFrom(const QImage& image, QRgb color) {
    int count = 0;
    middleOf(image, color, &count);
    return image.width() * image.height() - count;
}

inline QRgb mapColor(Colormap colormap, std::size_t entry) {
    const auto& rgb = colorTable(colormap)[entry];
    return qRgb(rgb[0], rgb[1], rgb[2]);
}

} // namespace vitreous::samples
