#pragma once

#include <array>
#include <optional>

#include <QMatrix4x4>
#include <QPointF>
#include <QSizeF>
#include <QVector3D>

namespace vitreous {

enum class Projection { Perspective, Orthographic };

/// Which axis of the cloud points up.
enum class UpAxis { Y, Z };

/// Where a cloud in the unit sphere is seen from. It turns about its focus and never tilts, so that
/// up stays up. Plain numbers: a session keeps them exactly.
struct CloudCamera {
    double azimuth = 30.0;         ///< degrees about the up axis; 0: from the front
    double elevation = 20.0;       ///< degrees above the horizon, -90..90
    double distance = 4.0;         ///< from the focus, in radii of the cloud
    std::array<double, 3> focus{}; ///< what is in the middle
    double view_angle = 30.0;      ///< degrees, vertical; of both projections: an orthographic
                                   ///< one shows at the focus what a perspective one would
    Projection projection = Projection::Perspective;
    UpAxis up = UpAxis::Y;
    /// Focus and distance follow from the cloud that is shown, as fittedTo() chooses them.
    bool is_fitted = true;

    friend bool operator==(const CloudCamera&, const CloudCamera&) = default;
};

inline constexpr double nearest_distance = 0.02;
inline constexpr double farthest_distance = 200.0;
/// Points nearer to the camera than this are not seen.
inline constexpr double least_depth = 1e-3;

/// All numbers finite and within their bounds; an azimuth is brought to -180..180.
CloudCamera clamped(CloudCamera camera);

/// Where the camera is, in the cloud's space.
QVector3D positionOf(const CloudCamera& camera);
/// What is up on the screen: a unit vector, at right angles to the line of sight.
QVector3D upOf(const CloudCamera& camera);

/// A sphere that holds a cloud.
struct CloudBounds {
    std::array<double, 3> center{};
    double radius = 1.0;

    friend bool operator==(const CloudBounds&, const CloudBounds&) = default;
};
/// A camera that is fitted: with the bounds filling the view, from any side. Others as they are.
CloudCamera fittedTo(CloudCamera camera, const CloudBounds& bounds);

/// Turned by a drag of so many degrees to the right and up: the cloud follows the pointer.
CloudCamera orbited(CloudCamera camera, double right, double up);
/// Moved so that the cloud follows a drag by part of the view's height, x right, y down.
CloudCamera panned(CloudCamera camera, QPointF part);
/// Nearer by a factor above 1, farther by one below.
CloudCamera dollied(CloudCamera camera, double factor);

enum class CameraView { Front, Side, Top };
/// The same distance and focus from another side.
CloudCamera turnedTo(CloudCamera camera, CameraView view);

/// From the cloud's unit-sphere space to a view's pixels.
class CloudProjection {
public:
    /// size: of the view in pixels.
    CloudProjection(const CloudCamera& camera, QSizeF size);

    struct Place {
        QPointF pixel;      ///< from the view's upper left corner, y down
        double depth = 0.0; ///< distance from the camera along its line of sight
    };
    /// Nothing where the point is behind the camera or too near to it.
    [[nodiscard]] std::optional<Place> place(const QVector3D& point) const;
    /// To the camera's space: x right, y up, looking along -z.
    [[nodiscard]] const QMatrix4x4& toCamera() const { return to_camera_; }
    /// Pixels that a length of 1 takes at a depth.
    [[nodiscard]] double scaleAt(double depth) const;

private:
    QMatrix4x4 to_camera_;
    QSizeF size_;
    double pixels_ = 1.0; ///< of a length of 1 at depth 1; orthographic: at any
    bool is_perspective_ = true;
};

} // namespace vitreous
