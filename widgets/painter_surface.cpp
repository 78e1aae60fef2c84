#include "widgets/grid_surface.h"

#include <QElapsedTimer>
#include <QPaintEvent>

#include "widgets/cloud_painter.h"
#include "widgets/controls_images.h"
#include "widgets/grid_canvas.h"
#include "widgets/map_images.h"
#include "widgets/surface_controls.h"

namespace vitreous {
namespace {

class PainterSurface final : public QWidget, public GridSurface {
public:
    PainterSurface(QWidget* parent, const GridContent& content)
        : QWidget(parent), content_(content) {
        setAttribute(Qt::WA_OpaquePaintEvent);
        if (canUseOpenGl()) {
            controls_ = std::make_unique<SurfaceControls>(*this, content);
            controls_images_ = std::make_unique<ControlsImages>(controls_->drawn());
        }
    }

    QWidget* widget() override { return this; }
    [[nodiscard]] bool isAccelerated() const override { return false; }
    [[nodiscard]] bool hasControls() const override { return controls_ != nullptr; }
    void contentChanged(Change change) override {
        if (change != Change::Marks) {
            maps_.invalidate();
        }
        update();
    }
    double arrangeControls(int width) override { return controls_ ? controls_->arrange(width) : 0; }
    bool takeEvent(QEvent& event) override {
        if (!controls_) {
            return false;
        }
        const CanvasControls::Answer answer = controls_->take(event);
        if (answer.needs_paint) {
            update(0, gridSize().height(), width(), height());
        }
        return answer.is_taken;
    }
    void onEdit(const std::function<void(const StripEdit&)>& listener) override {
        if (controls_) {
            controls_->drawn().onEdit(listener);
        }
    }
    [[nodiscard]] CanvasTimes times() const override { return {std::nullopt, frames_.median()}; }

protected:
    void paintEvent(QPaintEvent* event) override {
        QElapsedTimer clock;
        clock.start();
        QPainter painter(this);
        const bool has_grid = event->rect().intersects(QRect(QPoint(), gridSize()));
        if (has_grid) {
            paintGrid(painter);
        }
        paintControls(painter);
        if (!content_.shows_timings) {
            frames_.clear();
            return;
        }
        if (has_grid) {
            frames_.add(static_cast<double>(clock.nsecsElapsed()) * 1e-6);
        }
        if (frames_.count() == 1) {
            // The first time can be shown now.
            update();
        }
    }

private:
    [[nodiscard]] QSize gridSize() const { return controls_ ? controls_->gridSize() : size(); }

    void paintGrid(QPainter& painter) {
        const QSize grid = gridSize();
        const double ratio = devicePixelRatioF();
        painter.fillRect(rect(), content_.style.ground);
        painter.save();
        painter.setClipRect(bodyRect(content_, grid));
        const std::vector<VisibleMap> visible = visibleMaps(content_, grid, ratio);
        maps_.update(content_.scene, visible, ratio);
        for (const VisibleMap& map : visible) {
            painter.drawImage(QPointF(map.rect.topLeft()) / ratio, maps_.at(map));
        }
        clouds_.paint(painter, content_, visibleClouds(content_, grid, ratio), grid, ratio);
        painter.restore();
        paintAnnotations(painter, content_, grid);
    }

    void paintControls(QPainter& painter) {
        if (controls_) {
            controls_->updateLook();
            controls_->setTimings(times());
            if (controls_->takeStale()) {
                controls_images_->invalidate();
            }
            if (controls_images_->paint(painter, size())) {
                return;
            }
        }
        if (content_.shows_timings) {
            paintTimings(
                painter, timingTable(content_.scene.models, times()), content_.style, size());
        }
    }

    const GridContent& content_;
    FrameTimes frames_; ///< while they are shown
    MapImages maps_;
    CloudPainter clouds_{*this, false};
    std::unique_ptr<SurfaceControls> controls_; ///< null: there is no OpenGL to draw them with
    std::unique_ptr<ControlsImages> controls_images_;
};

} // namespace

GridSurface* makePainterSurface(QWidget* parent, const GridContent& content) {
    return new PainterSurface(parent, content);
}

} // namespace vitreous
