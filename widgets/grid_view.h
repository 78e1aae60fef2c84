#pragma once

#include <QScrollBar>
#include <QWidget>

#include "widgets/grid_canvas.h"
#include "widgets/grid_gestures.h"
#include "widgets/grid_surface.h"

namespace vitreous {

/// The comparison grid's widget: lays the scene out, scrolls it, follows the pointer; a surface
/// draws it.
class GridView final : public QWidget, public GridCanvas {
    Q_OBJECT

public:
    GridView(QWidget* parent, bool use_opengl);
    ~GridView() override;

    QWidget* widget() override { return this; }
    void setScene(GridScene scene) override;
    [[nodiscard]] const GridScene& scene() const override { return content_.scene; }
    void onHover(std::function<void(std::optional<GridHit>)> listener) override;
    void onViewEdited(ViewEditListener listener) override;
    bool moveChoice(int steps) override { return gestures_.moveChoice(steps); }
    void showControls(bool is_shown) override;
    void showTimings(bool is_shown) override;
    [[nodiscard]] TimingTable timings() const override;
    [[nodiscard]] bool hasControls() const override { return surface_->hasControls(); }
    [[nodiscard]] bool isAccelerated() const override { return surface_->isAccelerated(); }

    [[nodiscard]] const GridLayout& gridLayout() const { return content_.layout; }
    [[nodiscard]] QSize sizeHint() const override { return {960, 640}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {320, 200}; }

protected:
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void arrange(Change change);
    void describeForReaders();
    void placeChildren(bool is_scrolled);
    void scrollTo(int top);
    void setHover(std::optional<GridHit> hit);
    void hoverUnderPointer();
    void handleMouse(const QMouseEvent& event);
    bool handleWheel(QWheelEvent& event);
    [[nodiscard]] QString toolTipAt(QPointF point) const;
    [[nodiscard]] QString describe(const GridHit& hit) const;

    GridContent content_;
    GridSurface* surface_;
    QScrollBar* scroll_bar_;
    int controls_height_ = 0;        ///< of the strip below the grid
    std::optional<QPointF> pointer_; ///< on the surface; nothing: not over it
    std::function<void(std::optional<GridHit>)> hover_listener_;
    ViewEditListener edit_listener_;
    GridGestures gestures_;
};

} // namespace vitreous
