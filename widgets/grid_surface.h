#pragma once

#include <vector>

#include <QRect>
#include <QWidget>

#include "widgets/grid_painting.h"

namespace vitreous {

/// What both surfaces draw; owned by the view, which tells the surface when it changed.
struct GridContent {
    GridScene scene;
    GridStyle style;
    GridLayout layout;
    std::optional<GridHit> hover;
    double scroll = 0.0; ///< how far the body is moved up

    [[nodiscard]] GridDrawing drawing() const { return {scene, layout, style, hover}; }
};

/// What a change of the content touches.
enum class Change {
    Marks,  ///< hover or scroll
    View,   ///< colours, ranges, places
    Values, ///< maps or pictures
};

/// The widget that shows the content: one made with OpenGL, one with QPainter.
class GridSurface {
public:
    virtual ~GridSurface() = default;
    virtual QWidget* widget() = 0;
    virtual void contentChanged(Change change) = 0;
    [[nodiscard]] virtual bool isAccelerated() const = 0;
};

GridSurface* makeOpenGlSurface(QWidget* parent, const GridContent& content);
GridSurface* makePainterSurface(QWidget* parent, const GridContent& content);

/// A map that is on screen: which, and where in device pixels of the surface.
struct VisibleMap {
    std::size_t place = 0; ///< index into the layout's cells
    QRect rect;
};
/// The maps that a surface of this size shows.
std::vector<VisibleMap> visibleMaps(const GridContent& content, QSize size, double pixel_ratio);

/// The part of a surface that the body scrolls in.
QRectF bodyRect(const GridContent& content, QSize size);

/// Paints everything but ground and maps over a surface.
void paintAnnotations(QPainter& painter, const GridContent& content, QSize size);

} // namespace vitreous
