#include "widgets/grid_surface.h"

#include <cmath>

#include <QElapsedTimer>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QOpenGLPaintDevice>
#include <QOpenGLWidget>

#include "widgets/cloud_painter.h"
#include "widgets/heatmap_renderer.h"
#include "widgets/surface_controls.h"

namespace vitreous {
namespace {

class OpenGlSurface final : public QOpenGLWidget, public GridSurface {
public:
    OpenGlSurface(QWidget* parent, const GridContent& content)
        : QOpenGLWidget(parent), content_(content), controls_(*this, content) {}
    ~OpenGlSurface() override {
        disconnect(before_loss_);
        release();
    }
    OpenGlSurface(const OpenGlSurface&) = delete;
    OpenGlSurface& operator=(const OpenGlSurface&) = delete;

    QWidget* widget() override { return this; }
    [[nodiscard]] bool isAccelerated() const override { return true; }
    void contentChanged(Change change) override {
        if (change == Change::Values && renderer_) {
            renderer_->invalidate();
        }
        update();
    }
    [[nodiscard]] bool hasControls() const override { return true; }
    double arrangeControls(int width) override { return controls_.arrange(width); }
    bool takeEvent(QEvent& event) override {
        const CanvasControls::Answer answer = controls_.take(event);
        if (answer.needs_paint) {
            update();
        }
        return answer.is_taken;
    }
    void onEdit(const std::function<void(const StripEdit&)>& listener) override {
        controls_.drawn().onEdit(listener);
    }
    [[nodiscard]] CanvasTimes times() const override {
        return {renderer_ ? renderer_->uploadMs() : std::nullopt, frames_.median()};
    }

protected:
    void initializeGL() override {
        // A dock that floats gets a new context: everything is made again in it.
        disconnect(before_loss_);
        before_loss_ =
            connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, [this] { release(); });
        renderer_ = std::make_unique<HeatmapRenderer>();
        can_shade_ = renderer_->create();
    }

    void paintGL() override {
        QElapsedTimer clock;
        clock.start();
        paintGrid();
        controls_.updateLook();
        controls_.setTimings(times());
        controls_.drawn().paint(size());
        if (!content_.shows_timings) {
            frames_.clear();
            return;
        }
        // Only where it is shown: to wait for the GPU costs time.
        context()->functions()->glFinish();
        frames_.add(static_cast<double>(clock.nsecsElapsed()) * 1e-6);
        if (frames_.count() == 1) {
            // The first time can be shown now.
            update();
        }
    }

private:
    void paintGrid() {
        QOpenGLFunctions* gl = context()->functions();
        const QColor& ground = content_.style.ground;
        gl->glClearColor(ground.redF(), ground.greenF(), ground.blueF(), 1.0F);
        gl->glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT | GL_STENCIL_BUFFER_BIT);
        const double ratio = devicePixelRatioF();
        const QSize size = controls_.gridSize();
        const std::vector<VisibleMap> visible = visibleMaps(content_, size, ratio);
        if (can_shade_) {
            drawMaps(*gl, visible, ratio);
        }
        // Not the widget as paint device: QWidget::grab() would lead it elsewhere.
        QOpenGLPaintDevice device((QSizeF(this->size()) * ratio).toSize());
        device.setDevicePixelRatio(ratio);
        QPainter painter(&device);
        if (!can_shade_) {
            paintMaps(painter, visible, ratio);
        }
        painter.setClipRect(bodyRect(content_, size));
        clouds_.paint(painter, content_, visibleClouds(content_, size, ratio), size, ratio);
        painter.setClipping(false);
        paintAnnotations(painter, content_, size);
    }

    void drawMaps(QOpenGLFunctions& gl, const std::vector<VisibleMap>& visible, double ratio) {
        const QSize surface = (QSizeF(size()) * ratio).toSize();
        const QRectF body = bodyRect(content_, controls_.gridSize());
        const int bottom =
            static_cast<int>(std::lround((height() - controls_.gridSize().height()) * ratio));
        gl.glEnable(GL_SCISSOR_TEST);
        gl.glScissor(
            0, bottom, surface.width(), static_cast<int>(std::lround(body.height() * ratio)));
        renderer_->draw(content_.scene, visible, surface);
        gl.glDisable(GL_SCISSOR_TEST);
    }

    void paintMaps(QPainter& painter, const std::vector<VisibleMap>& visible, double ratio) {
        painter.setClipRect(bodyRect(content_, controls_.gridSize()));
        for (const VisibleMap& map : visible) {
            QImage image = imageOf(content_.scene, map);
            image.setDevicePixelRatio(ratio);
            painter.drawImage(QPointF(map.rect.topLeft()) / ratio, image);
        }
        painter.setClipping(false);
    }

    void release() {
        if (renderer_) {
            makeCurrent();
            renderer_.reset();
            controls_.drawn().release();
            doneCurrent();
        }
    }

    const GridContent& content_;
    std::unique_ptr<HeatmapRenderer> renderer_;
    QMetaObject::Connection before_loss_;
    SurfaceControls controls_;
    CloudPainter clouds_{*this, true};
    FrameTimes frames_; ///< while they are shown
    bool can_shade_ = false;
};

} // namespace

GridSurface* makeOpenGlSurface(QWidget* parent, const GridContent& content) {
    return new OpenGlSurface(parent, content);
}

} // namespace vitreous
