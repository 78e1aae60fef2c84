#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <QImage>
#include <QRect>

#include "core/base/point_cloud.h"
#include "core/base/unit_sphere.h"
#include "core/media/colormap.h"
#include "core/points/group_weights.h"
#include "widgets/cloud/cloud_view.h"

namespace vitreous {

/// A cloud as it is shown. Immutable once made, shared by all that shows it.
struct CloudShape {
    std::shared_ptr<const PointCloud> cloud;
    UnitSphere sphere;    ///< moves it into the space of the camera and of the group centres
    CloudBounds bounds{}; ///< in that space, tight: what a camera is fitted to
    /// The usual diameter of points, in that space: the median distance to the sixth neighbour,
    /// which lets the points of a surface just cover it, be they a grid or at random.
    double point_size = 0.05;
};

/// The shape of a cloud with its bounds. sphere: see CloudShape.
CloudShape shapeOf(std::shared_ptr<const PointCloud> cloud, const UnitSphere& sphere);

/// What one cell of a frame shows.
struct CloudCell {
    QRect rect; ///< in the frame, device pixels, y down
    std::shared_ptr<const CloudShape> shape;
    std::shared_ptr<const GroupWeights> weights; ///< null: the cloud in its own colours alone
    std::vector<float> values;                   ///< raw, one a group
    float low = 0.0F;                            ///< what 0 and 1 of the colour map stand for
    float high = 1.0F;

    friend bool operator==(const CloudCell&, const CloudCell&) = default;
};

/// How all cells of a frame are drawn.
struct CloudLook {
    CloudCamera camera;
    GroupValues values = GroupValues::Weighted;
    bool shows_centers = false;
    double point_size = 3.0; ///< diameter in device pixels
    CloudShading shading = CloudShading::EyeDome;
    Colormap colormap = Colormap::Viridis;
    float opacity = 1.0F;   ///< 0..1, of the map's colours over the cloud's own
    float threshold = 0.0F; ///< 0..1 of the range: points below it keep the cloud's own colour
    QRgb ground = 0;        ///< behind the points
    QRgb plain = 0;         ///< of points that have no colour of their own
    QRgb no_value = 0;      ///< of points whose groups have no finite value

    friend bool operator==(const CloudLook&, const CloudLook&) = default;
};

struct CloudFrame {
    QSize size; ///< device pixels
    CloudLook look;
    std::vector<CloudCell> cells; ///< that do not overlap
    /// Draw no more than so many points of each cloud, evenly chosen: while the camera moves. 0:
    /// all.
    std::size_t most_points = 0;
};

/// Draws point clouds: all cells of a frame with one camera. A point is a disc of the look's size,
/// in the colour of its value: the colour map's, blended over the point's own; the nearer point
/// covers the farther. Value to colour as in the heat maps: (value - low) / (high - low) clamped to
/// 0..1, times 255, rounded; a range without extent has the colour of 0 (0.5 for nothing). Group
/// centres are spheres in the colour of their raw value. Used by one thread.
class CloudRenderer {
public:
    virtual ~CloudRenderer() = default;
    /// The frame on its ground, Format_RGB32; what is between the cells is the ground too.
    virtual QImage render(const CloudFrame& frame) = 0;
    /// "VTK, OpenGL 4.5 ...", "painter's projection": for the timing display and the about box.
    [[nodiscard]] virtual std::string name() const = 0;

protected:
    CloudRenderer() = default;
    CloudRenderer(const CloudRenderer&) = default;
    CloudRenderer& operator=(const CloudRenderer&) = default;
};

/// Projects on the CPU, with several threads. Needs no OpenGL; what all cells of a frame share (the
/// same cloud at the same size) is projected once.
std::unique_ptr<CloudRenderer> makeProjectionRenderer();

/// One VTK render window off the screen, a viewport a cell, in an OpenGL context of its own. On the
/// GUI thread. Null where there is no OpenGL 3.3 (see canUseOpenGl).
std::unique_ptr<CloudRenderer> makeVtkRenderer();

/// The frontmost point within radius pixels of a place in a view of that size; nothing where there
/// is none. Of clouds with more than most_points, so many evenly chosen ones are looked at.
std::optional<std::size_t> pickPoint(
    const CloudShape& shape,
    const CloudCamera& camera,
    QSizeF size,
    QPointF at,
    double radius,
    std::size_t most_points = 2'000'000);

/// A point in the space of the unit sphere.
QVector3D pointAt(const CloudShape& shape, std::size_t point);

} // namespace vitreous
