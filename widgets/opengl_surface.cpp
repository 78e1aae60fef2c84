#include "widgets/grid_surface.h"

#include <cmath>

#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QOpenGLPaintDevice>
#include <QOpenGLWidget>

#include "widgets/heatmap_renderer.h"

namespace vitreous {
namespace {

class OpenGlSurface final : public QOpenGLWidget, public GridSurface {
public:
    OpenGlSurface(QWidget* parent, const GridContent& content)
        : QOpenGLWidget(parent), content_(content) {}
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
        QOpenGLFunctions* gl = context()->functions();
        const QColor& ground = content_.style.ground;
        gl->glClearColor(ground.redF(), ground.greenF(), ground.blueF(), 1.0F);
        gl->glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT | GL_STENCIL_BUFFER_BIT);
        const double ratio = devicePixelRatioF();
        const std::vector<VisibleMap> visible = visibleMaps(content_, size(), ratio);
        if (can_shade_) {
            drawMaps(*gl, visible, ratio);
        }
        // Not the widget as paint device: QWidget::grab() would lead it elsewhere.
        QOpenGLPaintDevice device((QSizeF(size()) * ratio).toSize());
        device.setDevicePixelRatio(ratio);
        QPainter painter(&device);
        if (!can_shade_) {
            paintMaps(painter, visible, ratio);
        }
        paintAnnotations(painter, content_, size());
    }

private:
    void drawMaps(QOpenGLFunctions& gl, const std::vector<VisibleMap>& visible, double ratio) {
        const QSize surface = (QSizeF(size()) * ratio).toSize();
        const QRectF body = bodyRect(content_, size());
        gl.glEnable(GL_SCISSOR_TEST);
        gl.glScissor(0, 0, surface.width(), static_cast<int>(std::lround(body.height() * ratio)));
        renderer_->draw(content_.scene, visible, surface);
        gl.glDisable(GL_SCISSOR_TEST);
    }

    void paintMaps(QPainter& painter, const std::vector<VisibleMap>& visible, double ratio) {
        painter.setClipRect(bodyRect(content_, size()));
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
            doneCurrent();
        }
    }

    const GridContent& content_;
    std::unique_ptr<HeatmapRenderer> renderer_;
    QMetaObject::Connection before_loss_;
    bool can_shade_ = false;
};

} // namespace

GridSurface* makeOpenGlSurface(QWidget* parent, const GridContent& content) {
    return new OpenGlSurface(parent, content);
}

} // namespace vitreous
