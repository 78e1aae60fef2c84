#include "widgets/cloud/cloud_camera.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace vitreous {
namespace {

constexpr double half_turn = 180.0;
constexpr double full_turn = 360.0;
constexpr double most_elevation = 90.0;
constexpr double least_angle = 1.0;
constexpr double most_angle = 120.0;
constexpr double farthest_focus = 1e3;
/// Room around the unit sphere where it fills the view.
constexpr double fit_room = 1.02;

double radians(double degrees) {
    return degrees * std::numbers::pi / half_turn;
}

/// A direction given with y up, in the cloud's space.
QVector3D turned(const CloudCamera& camera, double right, double up, double front) {
    return camera.up == UpAxis::Y ? QVector3D(float(right), float(up), float(front))
                                  : QVector3D(float(right), float(-front), float(up));
}

QVector3D focusOf(const CloudCamera& camera) {
    return {float(camera.focus[0]), float(camera.focus[1]), float(camera.focus[2])};
}

/// From the focus to the camera.
QVector3D towards(const CloudCamera& camera) {
    const double azimuth = radians(camera.azimuth);
    const double elevation = radians(camera.elevation);
    return turned(
        camera, std::sin(azimuth) * std::cos(elevation), std::sin(elevation),
        std::cos(azimuth) * std::cos(elevation));
}

QVector3D rightOf(const CloudCamera& camera) {
    const double azimuth = radians(camera.azimuth);
    return turned(camera, std::cos(azimuth), 0.0, -std::sin(azimuth));
}

double within(double value, double low, double high, double otherwise) {
    return std::isfinite(value) ? std::clamp(value, low, high) : otherwise;
}

/// Half the height of what is seen at the focus.
double halfHeight(const CloudCamera& camera) {
    return camera.distance * std::tan(radians(camera.view_angle / 2.0));
}

} // namespace

CloudCamera clamped(CloudCamera camera) {
    const CloudCamera usual;
    const double azimuth = std::isfinite(camera.azimuth) ? camera.azimuth : usual.azimuth;
    camera.azimuth = std::remainder(azimuth, full_turn);
    camera.elevation = within(camera.elevation, -most_elevation, most_elevation, usual.elevation);
    camera.distance = within(camera.distance, nearest_distance, farthest_distance, usual.distance);
    camera.view_angle = within(camera.view_angle, least_angle, most_angle, usual.view_angle);
    for (double& value : camera.focus) {
        value = within(value, -farthest_focus, farthest_focus, 0.0);
    }
    return camera;
}

QVector3D positionOf(const CloudCamera& camera) {
    return focusOf(camera) + towards(camera) * float(camera.distance);
}

QVector3D upOf(const CloudCamera& camera) {
    const double azimuth = radians(camera.azimuth);
    const double elevation = radians(camera.elevation);
    return turned(
        camera, -std::sin(azimuth) * std::sin(elevation), std::cos(elevation),
        -std::cos(azimuth) * std::sin(elevation));
}

CloudCamera orbited(CloudCamera camera, double right, double up) {
    camera.azimuth -= right;
    camera.elevation -= up;
    return clamped(camera);
}

CloudCamera panned(CloudCamera camera, QPointF part) {
    const double height = 2.0 * halfHeight(camera);
    const QVector3D moved =
        upOf(camera) * float(part.y() * height) - rightOf(camera) * float(part.x() * height);
    camera.focus[0] += double(moved.x());
    camera.focus[1] += double(moved.y());
    camera.focus[2] += double(moved.z());
    camera.is_fitted = false;
    return clamped(camera);
}

CloudCamera dollied(CloudCamera camera, double factor) {
    camera.distance /= factor;
    camera.is_fitted = false;
    return clamped(camera);
}

CloudCamera turnedTo(CloudCamera camera, CameraView view) {
    camera.azimuth = view == CameraView::Side ? most_elevation : 0.0;
    camera.elevation = view == CameraView::Top ? most_elevation : 0.0;
    return camera;
}

CloudCamera fittedTo(CloudCamera camera, const CloudBounds& bounds) {
    if (!camera.is_fitted) {
        return camera;
    }
    camera.focus = bounds.center;
    const double half = radians(camera.view_angle / 2.0);
    const double reach =
        camera.projection == Projection::Perspective ? std::sin(half) : std::tan(half);
    camera.distance = fit_room * bounds.radius / reach;
    return clamped(camera);
}

CloudProjection::CloudProjection(const CloudCamera& camera, QSizeF size)
    : size_(size), is_perspective_(camera.projection == Projection::Perspective) {
    to_camera_.lookAt(positionOf(camera), focusOf(camera), upOf(camera));
    const double half =
        is_perspective_ ? std::tan(radians(camera.view_angle / 2.0)) : halfHeight(camera);
    pixels_ = size.height() / (2.0 * half);
}

std::optional<CloudProjection::Place> CloudProjection::place(const QVector3D& point) const {
    const QVector3D seen = to_camera_.map(point);
    const double depth = -double(seen.z());
    if (!(depth > least_depth)) {
        return std::nullopt;
    }
    const double scale = scaleAt(depth);
    return Place{
        {size_.width() / 2.0 + double(seen.x()) * scale,
         size_.height() / 2.0 - double(seen.y()) * scale},
        depth};
}

double CloudProjection::scaleAt(double depth) const {
    return is_perspective_ ? pixels_ / depth : pixels_;
}

} // namespace vitreous
