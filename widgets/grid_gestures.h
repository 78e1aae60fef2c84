#pragma once

#include <functional>
#include <optional>

#include <QElapsedTimer>
#include <QPointF>
#include <Qt>

#include "widgets/grid_canvas.h"
#include "widgets/grid_surface.h"

namespace vitreous {

/// Turns what pointer, wheel and keys do on the grid into changes of the view: a click pins a
/// token, a drag selects a region, a double click asks for a token's attention, the middle or right
/// button pans, the wheel with Ctrl zooms and, over the large maps of GridKind::Scrub, goes through
/// the layers. Over a point cloud a drag turns it, the middle or right button moves it, the wheel
/// goes nearer. Points are in the unit of the surface.
class GridGestures {
public:
    GridGestures(const GridContent& content, ViewEditListener edit);

    void press(QPointF point, Qt::MouseButton button);
    void move(QPointF point);
    void release(QPointF point, Qt::MouseButton button);
    void doubleClick(QPointF point);
    /// steps: of the wheel, away from the user positive. False where the wheel means nothing here.
    bool wheel(QPointF point, double steps, Qt::KeyboardModifiers modifiers);
    /// False where the key means nothing here.
    bool key(int key, Qt::KeyboardModifiers modifiers);
    /// True while a drag turns or moves a point cloud.
    [[nodiscard]] bool isTurning() const;
    /// The token at a point of the surface.
    [[nodiscard]] std::optional<GridHit> hitAt(QPointF point) const;
    /// A point of the surface in the layout, which may be scrolled.
    [[nodiscard]] QPointF toLayout(QPointF point) const;
    /// Goes so many steps on through the taps or blocks that can be chosen.
    bool moveChoice(int steps);

private:
    /// A button that is held down.
    struct Drag {
        Qt::MouseButton button = Qt::NoButton;
        QPointF from;                 ///< where it went down
        QPointF last;                 ///< where it was seen last
        std::optional<GridHit> token; ///< where it went down
        QSizeF cloud;             ///< of the point cloud where it went down; empty: there is none
        bool has_changed = false; ///< the view, so far
    };

    /// False where it changes nothing: then nothing is told.
    bool edit(const ViewEdit& change, bool continued);
    void dragRegion(QPointF point);
    void pan(QPointF point);
    void turnCloud(QPointF point);
    /// Turns the camera by a key.
    bool orbit(int right, int up);
    /// The size of the point cloud at a point; empty: there is none.
    [[nodiscard]] QSizeF cloudSize(QPointF point) const;
    void click(const GridHit& hit);
    /// The tap or block so many steps on; nothing where there is no choice.
    [[nodiscard]] std::optional<ViewEdit> choiceEdit(int steps) const;
    bool select(const Selection& selection, bool continued);
    bool movePinned(int columns, int rows);
    bool extendRegion(int columns, int rows);
    [[nodiscard]] std::optional<TokenPlace> placeOf(const GridHit& hit) const;
    [[nodiscard]] std::optional<TokenPlace> tokenToPin() const;
    [[nodiscard]] const CellPlace* cellPlace(const GridHit& hit) const;
    void zoom(QPointF point, double steps);
    bool scrub(double steps);
    /// As edit, of the wheel: goes on with the change before it where it turns on without a pause.
    bool turn(const ViewEdit& change);

    const GridContent& content_;
    ViewEditListener edit_;
    std::optional<Drag> drag_;
    QElapsedTimer turned_;      ///< since the wheel changed the view last
    double unturned_ = 0.0;     ///< steps of the wheel that make no whole one yet
    QElapsedTimer wheel_moved_; ///< since it turned last
};

} // namespace vitreous
