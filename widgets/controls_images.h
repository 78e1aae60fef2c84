#pragma once

#include <memory>

#include <QImage>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFramebufferObject>

#include "widgets/scene/canvas_controls.h"

class QPainter;

namespace vitreous {

/// Controls for a surface without OpenGL: Dear ImGui draws them out of sight, and the surface
/// paints the images of that.
class ControlsImages {
public:
    /// The controls stay owned by the caller and outlive this.
    explicit ControlsImages(CanvasControls& controls) : controls_(controls) {}
    ~ControlsImages();
    ControlsImages(const ControlsImages&) = delete;
    ControlsImages& operator=(const ControlsImages&) = delete;

    /// The strip is drawn anew at the next painting. The timings always are.
    void invalidate() { strip_ = {}; }
    /// Paints what the controls show on a surface of this size. Returns false where it cannot.
    bool paint(QPainter& painter, QSize size);

private:
    bool makeCurrent();
    bool draw(QSize size, const QRect& strip_place);
    [[nodiscard]] QImage imageOf(const QRect& part);

    CanvasControls& controls_;
    QOffscreenSurface surface_;
    QOpenGLContext context_;
    std::unique_ptr<QOpenGLFramebufferObject> target_;
    QImage strip_; ///< null: not drawn yet
    QImage timings_;
    bool has_failed_ = false;
};

} // namespace vitreous
