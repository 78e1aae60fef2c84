#pragma once

#include <functional>
#include <vector>

#include <QRect>
#include <QWidget>

#include "widgets/grid_painting.h"
#include "widgets/map_window.h"
#include "widgets/scene/control_strip.h"
#include "widgets/timings.h"

namespace vitreous {

/// What both surfaces draw; owned by the view, which tells the surface when it changed.
struct GridContent {
    GridScene scene;
    GridStyle style;
    GridLayout layout;
    std::optional<GridHit> hover;
    double scroll = 0.0; ///< how far the body is moved up
    bool shows_controls = false;
    bool shows_timings = false;

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
    /// True where it can have controls.
    [[nodiscard]] virtual bool hasControls() const = 0;
    /// Height of the controls along the lower edge for the content's scene, which the layout has to
    /// leave free.
    virtual double arrangeControls(int width) = 0;
    /// True where an event of the surface, or a key, is for the controls alone.
    virtual bool takeEvent(QEvent& event) = 0;
    /// Called when the user changes the view with the controls.
    virtual void onEdit(const std::function<void(const StripEdit&)>& listener) = 0;
    [[nodiscard]] virtual CanvasTimes times() const = 0;
};

GridSurface* makeOpenGlSurface(QWidget* parent, const GridContent& content);
/// Its controls are drawn with OpenGL too, into images; without OpenGL it has none.
GridSurface* makePainterSurface(QWidget* parent, const GridContent& content);

/// A map, or the picture beside one, that is on screen.
struct VisibleMap {
    std::size_t place = 0; ///< counts maps and the pictures beside them, in the layout's order
    std::size_t row = 0;   ///< of the cell
    std::size_t column = 0;
    bool is_picture = false;
    QRect rect;         ///< in device pixels of the surface, y down
    MapWindow window;   ///< what of the map is seen in it, in device pixels
    int line_width = 1; ///< of contour lines, in device pixels
};
/// The maps of pictures that a surface of this size shows.
std::vector<VisibleMap> visibleMaps(const GridContent& content, QSize size, double pixel_ratio);

/// The maps of point clouds that it shows.
std::vector<VisibleMap> visibleClouds(const GridContent& content, QSize size, double pixel_ratio);

/// A visible map as the heat-map shader draws it.
QImage imageOf(const GridScene& scene, const VisibleMap& map);

/// The part of a surface that the body scrolls in.
QRectF bodyRect(const GridContent& content, QSize size);

/// Paints everything but ground and maps over a surface.
void paintAnnotations(QPainter& painter, const GridContent& content, QSize size);

} // namespace vitreous
