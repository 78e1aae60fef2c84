#include "widgets/grid_canvas.h"

#include <array>

#include <QGuiApplication>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QSurfaceFormat>

#include "widgets/grid_view.h"

namespace vitreous {

bool canUseOpenGl() {
    const std::array<QLatin1String, 4> without_gl = {
        QLatin1String("offscreen"), QLatin1String("minimal"), QLatin1String("linuxfb"),
        QLatin1String("vnc")};
    const QString platform = QGuiApplication::platformName();
    for (const QLatin1String& name : without_gl) {
        if (platform == name) {
            return false;
        }
    }
    QOffscreenSurface surface;
    surface.create();
    QOpenGLContext context;
    if (!surface.isValid() || !context.create() || !context.makeCurrent(&surface)) {
        return false;
    }
    const bool is_enough =
        !context.isOpenGLES() && context.format().version() >= std::pair<int, int>(3, 3);
    context.doneCurrent();
    return is_enough;
}

GridCanvas* makeGridCanvas(QWidget* parent, bool allow_opengl) {
    return new GridView(parent, allow_opengl && canUseOpenGl());
}

void setDefaultSurfaceFormat() {
    QSurfaceFormat format;
    format.setVersion(3, 3);
    format.setProfile(QSurfaceFormat::CoreProfile);
    format.setDepthBufferSize(24);
    format.setStencilBufferSize(8);
    format.setSamples(0);
    QSurfaceFormat::setDefaultFormat(format);
}

} // namespace vitreous
