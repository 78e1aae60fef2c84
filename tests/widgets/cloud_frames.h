#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "widgets/cloud/cloud_renderer.h"

namespace vitreous::samples {

inline constexpr QRgb ground = qRgb(10, 20, 30);
inline constexpr QRgb plain = qRgb(200, 100, 50);
inline constexpr QRgb no_value = qRgb(128, 129, 130);

/// Points in the space of the unit sphere.
inline std::shared_ptr<const CloudShape> cloudOf(
    std::vector<float> xyz,
    std::vector<std::uint8_t> colors = {}) {
    auto cloud = std::make_shared<PointCloud>();
    cloud->positions = std::move(xyz);
    cloud->colors = std::move(colors);
    return std::make_shared<const CloudShape>(CloudShape{cloud, UnitSphere{}, {}});
}

/// A colour for each of so many points that no other has.
inline std::vector<std::uint8_t> distinctColors(std::size_t points) {
    std::vector<std::uint8_t> colors;
    for (std::size_t i = 0; i < points; ++i) {
        const std::uint8_t rgb[] = {
            std::uint8_t(i % 256), std::uint8_t(i / 256 % 256), std::uint8_t(100 + i / 65536)};
        colors.insert(colors.end(), std::begin(rgb), std::end(rgb));
    }
    return colors;
}

inline QRgb distinctColor(std::size_t point) {
    return qRgb(int(point % 256), int(point / 256 % 256), int(100 + point / 65536));
}

/// On a sphere and, every other one, inside of it.
inline std::vector<float> ballPoints(std::size_t points, unsigned seed = 1) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal;
    std::uniform_real_distribution<float> part(0.2F, 1.0F);
    std::vector<float> xyz;
    for (std::size_t i = 0; i < points; ++i) {
        const float x = normal(random);
        const float y = normal(random);
        const float z = normal(random);
        const float length = std::sqrt(x * x + y * y + z * z);
        const float scale = (i % 2 == 0 ? 0.99F : part(random)) / length;
        xyz.insert(xyz.end(), {x * scale, y * scale, z * scale});
    }
    return xyz;
}

/// Three centres; every point has the same groups, 0, 1 and 2, with the same shares.
inline std::shared_ptr<const GroupWeights> evenWeights(
    std::size_t points,
    std::array<std::uint16_t, 3> shares,
    std::array<std::uint16_t, 3> groups = {0, 1, 2}) {
    auto weights = std::make_shared<GroupWeights>();
    weights->centers = Array{{3, 3}, {0.0F, 0.0F, 0.0F, 0.5F, 0.0F, 0.0F, 0.0F, 0.5F, 0.0F}};
    weights->groups.assign(points, groups);
    weights->shares.assign(points, shares);
    return weights;
}

/// From the front, without lighting, in a view of a pixel a point.
inline CloudLook plainLook(Projection projection = Projection::Orthographic) {
    CloudLook look;
    look.camera.azimuth = 0.0;
    look.camera.elevation = 0.0;
    look.camera.projection = projection;
    look.point_size = 1.0;
    look.shading = CloudShading::None;
    look.ground = ground;
    look.plain = plain;
    look.no_value = no_value;
    return look;
}

/// One cell that fills the frame.
inline CloudFrame
frameOf(std::shared_ptr<const CloudShape> shape, int side, const CloudLook& look = plainLook()) {
    CloudFrame frame;
    frame.size = QSize(side, side);
    frame.look = look;
    CloudCell cell;
    cell.rect = QRect(0, 0, side, side);
    cell.shape = std::move(shape);
    frame.cells.push_back(std::move(cell));
    return frame;
}

inline QImage drawn(const CloudFrame& frame) {
    return makeProjectionRenderer()->render(frame);
}

} // namespace vitreous::samples
