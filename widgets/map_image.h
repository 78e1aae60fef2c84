#pragma once

#include <array>

#include <QImage>
#include <QSize>

#include "widgets/grid_scene.h"
#include "widgets/map_window.h"

namespace vitreous {

/// The seen part of a picture at the exact size of a map on the surface, both canvases' ground
/// truth: smooth, but with sharp pixels where it is at least twice as large as itself. Null stays
/// null.
QImage scaledPicture(const QImage& picture, const MapWindow& window);

/// How a map is drawn.
struct MapLook {
    Sampling sampling = Sampling::Nearest;
    Overlay overlay = Overlay::Blend;
    float opacity = 1.0F; ///< of the map over the picture
    float threshold = 0.0F;
    Colormap colormap = Colormap::Viridis;
    int line_width = 1; ///< of a contour line and of its outline, in pixels

    friend bool operator==(const MapLook&, const MapLook&) = default;
};
/// How a scene's cell is. has_picture: there is one under the map.
MapLook lookOf(const GridScene& scene, const GridCell& cell, bool has_picture, int line_width = 1);
/// How the picture alone is.
MapLook pictureLook();

/// Where Overlay::Contour draws its lines, in parts of the range; one at the threshold, where there
/// is one.
inline constexpr int contour_steps = 5;
/// How much of the map's opacity the picture under contour lines is darkened by.
inline constexpr float contour_shade = 0.4F;
/// A colour of less light than this, 0..1, has a white outline, another a black one.
inline constexpr float contour_light = 0.45F;
inline constexpr std::array<float, 3> contour_weights = {0.299F, 0.587F, 0.114F};

/// The seen part of one map coloured and blended over its picture (already of that size; null: the
/// map alone), as the heat-map shader does it. Nearest: a pixel takes the token that its centre
/// lies in. Bilinear: between token centres, the outermost half tokens clamped. Tokens without a
/// finite value are neutral_color and count for no neighbour. Returns Format_RGB32.
QImage composeMap(
    const GridCell& cell,
    const MapLook& look,
    const QImage& picture,
    const MapWindow& window);

/// The same into an image that may be of that size already, whose memory is taken then.
void composeMapInto(
    QImage& image,
    const GridCell& cell,
    const MapLook& look,
    const QImage& picture,
    const MapWindow& window);

/// A colour bar, low to high, one pixel high.
QImage colorBar(Colormap colormap, int width);

} // namespace vitreous
