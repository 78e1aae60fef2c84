#include "widgets/grid_canvas.h"

#include <algorithm>
#include <array>
#include <optional>

#include <QGuiApplication>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QSurfaceFormat>

#include "widgets/grid_view.h"

namespace vitreous {

namespace {

/// GL_RENDERER, where a QOpenGLWidget can be shown.
std::optional<QString> findRenderer() {
    const std::array<QLatin1String, 4> without_gl = {
        QLatin1String("offscreen"), QLatin1String("minimal"), QLatin1String("linuxfb"),
        QLatin1String("vnc")};
    const QString platform = QGuiApplication::platformName();
    for (const QLatin1String& name : without_gl) {
        if (platform == name) {
            return std::nullopt;
        }
    }
    QOffscreenSurface surface;
    surface.create();
    QOpenGLContext context;
    if (!surface.isValid() || !context.create() || !context.makeCurrent(&surface)) {
        return std::nullopt;
    }
    const auto* renderer =
        reinterpret_cast<const char*>(context.functions()->glGetString(GL_RENDERER));
    const bool is_enough =
        !context.isOpenGLES() && context.format().version() >= std::pair<int, int>(3, 3);
    std::optional<QString> found;
    if (is_enough) {
        found = QString::fromLatin1(renderer);
    }
    context.doneCurrent();
    return found;
}

const std::optional<QString>& openGlRenderer() {
    // It stays the same as long as the program runs, and takes long to find.
    static const std::optional<QString> renderer = findRenderer();
    return renderer;
}

} // namespace

bool canUseOpenGl() {
    return openGlRenderer().has_value();
}

bool isSoftwareRenderer(const QString& renderer) {
    const std::array<QLatin1String, 5> names = {
        QLatin1String("llvmpipe"), QLatin1String("softpipe"), QLatin1String("swrast"),
        QLatin1String("SwiftShader"), QLatin1String("Software Rasterizer")};
    return std::any_of(names.begin(), names.end(), [&renderer](QLatin1String name) {
        return renderer.contains(name, Qt::CaseInsensitive);
    });
}

bool prefersOpenGl() {
    const QByteArray wish = qgetenv("VITREOUS_CANVAS");
    if (wish == "painter" || !canUseOpenGl()) {
        return false;
    }
    return wish == "opengl" || !isSoftwareRenderer(*openGlRenderer());
}

GridCanvas* makeGridCanvas(QWidget* parent, bool allow_opengl) {
    return new GridView(parent, allow_opengl && prefersOpenGl());
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
