#pragma once

#include <QImage>
#include <QSize>

#include "widgets/grid_scene.h"

namespace vitreous {

/// The picture at the exact size of a map on the surface, both canvases' ground truth: smooth, but
/// with sharp pixels where it is at least twice as large as itself. Null stays null.
QImage scaledPicture(const QImage& picture, QSize size);

/// One map coloured and blended over its picture (already of that size; null: the map alone), as
/// the heat-map shader does it. Nearest: a pixel takes the token that its centre lies in. Bilinear:
/// between token centres, the outermost half tokens clamped. Tokens without a finite value are
/// neutral_color and count for no neighbour. Returns Format_RGB32.
QImage composeMap(const GridCell& cell, const ViewState& view, const QImage& picture, QSize size);

/// A colour bar, low to high, one pixel high.
QImage colorBar(Colormap colormap, int width);

} // namespace vitreous
