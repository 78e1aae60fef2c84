#include "widgets/grid_surface.h"

#include <algorithm>
#include <cmath>

#include <QElapsedTimer>
#include <QHelpEvent>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QOpenGLPaintDevice>
#include <QOpenGLWidget>
#include <QToolTip>

#include "widgets/heatmap_renderer.h"
#include "widgets/scene/canvas_controls.h"
#include "widgets/strip_content.h"

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
    double arrangeControls(int width) override {
        updateLook();
        controls_.setStrip(
            content_.shows_controls ? std::optional(stripContent(content_.scene)) : std::nullopt);
        return controls_.stripHeight(width);
    }
    bool takeEvent(QEvent& event) override {
        if (event.type() == QEvent::ToolTip) {
            const auto& help = static_cast<QHelpEvent&>(event);
            const QString text = controls_.toolTip();
            QToolTip::showText(help.globalPos(), text, this);
            return !text.isEmpty();
        }
        const CanvasControls::Answer answer = controls_.take(event, size());
        if (answer.needs_paint) {
            setCursor(answer.is_taken ? controls_.cursor() : Qt::ArrowCursor);
            update();
        }
        return answer.is_taken;
    }
    void onEdit(const std::function<void(const StripEdit&)>& listener) override {
        controls_.onEdit(listener);
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
        updateLook();
        controls_.setTimings(
            content_.shows_timings ? std::optional(timingTable(content_.scene.models, times()))
                                   : std::nullopt);
        controls_.paint(size());
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
    void updateLook() {
        const GridStyle& style = content_.style;
        ControlsLook look;
        look.ground = style.ground;
        look.ink = style.ink;
        look.accent = palette().color(QPalette::Highlight);
        look.font_pixels = std::max(10, style.small_font.pixelSize());
        look.step = style.step;
        look.margin = style.margin;
        controls_.setLook(look, devicePixelRatioF());
    }

    void paintGrid() {
        QOpenGLFunctions* gl = context()->functions();
        const QColor& ground = content_.style.ground;
        gl->glClearColor(ground.redF(), ground.greenF(), ground.blueF(), 1.0F);
        gl->glClear(GL_COLOR_BUFFER_BIT | GL_DEPTH_BUFFER_BIT | GL_STENCIL_BUFFER_BIT);
        const double ratio = devicePixelRatioF();
        const QSize size = gridSize();
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
        paintAnnotations(painter, content_, size);
    }

    /// The part above the controls.
    [[nodiscard]] QSize gridSize() const {
        const int controls = static_cast<int>(controls_.stripHeight(width()));
        return {width(), std::max(1, height() - controls)};
    }

    void drawMaps(QOpenGLFunctions& gl, const std::vector<VisibleMap>& visible, double ratio) {
        const QSize surface = (QSizeF(size()) * ratio).toSize();
        const QRectF body = bodyRect(content_, gridSize());
        const int bottom = static_cast<int>(std::lround((height() - gridSize().height()) * ratio));
        gl.glEnable(GL_SCISSOR_TEST);
        gl.glScissor(
            0, bottom, surface.width(), static_cast<int>(std::lround(body.height() * ratio)));
        renderer_->draw(content_.scene, visible, surface);
        gl.glDisable(GL_SCISSOR_TEST);
    }

    void paintMaps(QPainter& painter, const std::vector<VisibleMap>& visible, double ratio) {
        painter.setClipRect(bodyRect(content_, gridSize()));
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
            controls_.release();
            doneCurrent();
        }
    }

    const GridContent& content_;
    std::unique_ptr<HeatmapRenderer> renderer_;
    QMetaObject::Connection before_loss_;
    CanvasControls controls_;
    FrameTimes frames_; ///< while they are shown
    bool can_shade_ = false;
};

} // namespace

GridSurface* makeOpenGlSurface(QWidget* parent, const GridContent& content) {
    return new OpenGlSurface(parent, content);
}

} // namespace vitreous
