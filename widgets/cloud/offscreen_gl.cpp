#include "widgets/cloud/offscreen_gl.h"

#include <algorithm>
#include <array>

#include <QGuiApplication>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QSurfaceFormat>

namespace vitreous {
namespace {

constexpr std::pair<int, int> least_version{3, 3};

/// Some of them have no OpenGL and end the program when asked for it.
bool isPlatformWithout() {
    const std::array<QLatin1String, 4> without = {
        QLatin1String("offscreen"), QLatin1String("minimal"), QLatin1String("linuxfb"),
        QLatin1String("vnc")};
    const QString platform = QGuiApplication::platformName();
    return std::any_of(without.begin(), without.end(), [&platform](QLatin1String name) {
        return platform == name;
    });
}

QSurfaceFormat formatOfContext() {
    QSurfaceFormat format;
    format.setVersion(least_version.first, least_version.second);
    format.setProfile(QSurfaceFormat::CoreProfile);
    // What is drawn goes to framebuffers with buffers of their own.
    format.setDepthBufferSize(0);
    format.setStencilBufferSize(0);
    format.setSamples(0);
    return format;
}

} // namespace

OffscreenGl::OffscreenGl()
    : surface_(std::make_unique<QOffscreenSurface>()),
      context_(std::make_unique<QOpenGLContext>()) {}

OffscreenGl::~OffscreenGl() = default;

std::unique_ptr<OffscreenGl> OffscreenGl::make() {
    if (isPlatformWithout()) {
        return nullptr;
    }
    std::unique_ptr<OffscreenGl> gl(new OffscreenGl);
    gl->surface_->setFormat(formatOfContext());
    gl->surface_->create();
    gl->context_->setFormat(formatOfContext());
    if (!gl->surface_->isValid() || !gl->context_->create() || gl->context_->isOpenGLES() ||
        gl->context_->format().version() < least_version) {
        return nullptr;
    }
    return gl;
}

bool OffscreenGl::isCurrent() const {
    return QOpenGLContext::currentContext() == context_.get();
}

bool OffscreenGl::makeCurrent() {
    return isCurrent() || context_->makeCurrent(surface_.get());
}

std::string OffscreenGl::name() const {
    const auto [major, minor] = context_->format().version();
    const auto* renderer =
        reinterpret_cast<const char*>(context_->functions()->glGetString(GL_RENDERER));
    return "OpenGL " + std::to_string(major) + "." + std::to_string(minor) + " (" +
           (renderer != nullptr ? renderer : "unknown") + ")";
}

CurrentGl::CurrentGl(OffscreenGl& gl)
    : gl_(gl), previous_(QOpenGLContext::currentContext()),
      previous_surface_(previous_ != nullptr ? previous_->surface() : nullptr),
      is_current_(gl.makeCurrent()) {}

CurrentGl::~CurrentGl() {
    if (previous_ == &gl_.context()) {
        return;
    }
    if (previous_ != nullptr && previous_surface_ != nullptr) {
        previous_->makeCurrent(previous_surface_);
    } else {
        gl_.context().doneCurrent();
    }
}

} // namespace vitreous
