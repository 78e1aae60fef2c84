#pragma once

#include <memory>
#include <string>

class QOffscreenSurface;
class QOpenGLContext;
class QSurface;

namespace vitreous {

/// An OpenGL context of its own, without a window.
class OffscreenGl {
public:
    /// Null where there is no OpenGL 3.3, and on platforms that draw without it.
    static std::unique_ptr<OffscreenGl> make();
    ~OffscreenGl();
    OffscreenGl(const OffscreenGl&) = delete;
    OffscreenGl& operator=(const OffscreenGl&) = delete;

    [[nodiscard]] bool isCurrent() const;
    bool makeCurrent();
    [[nodiscard]] QOpenGLContext& context() { return *context_; }
    /// "OpenGL 4.5 (llvmpipe ...)". With the context current.
    [[nodiscard]] std::string name() const;

private:
    OffscreenGl();

    std::unique_ptr<QOffscreenSurface> surface_;
    std::unique_ptr<QOpenGLContext> context_;
};

/// The context is current as long as this lives; then the one that was before is again.
class CurrentGl {
public:
    explicit CurrentGl(OffscreenGl& gl);
    ~CurrentGl();
    CurrentGl(const CurrentGl&) = delete;
    CurrentGl& operator=(const CurrentGl&) = delete;

    [[nodiscard]] bool isCurrent() const { return is_current_; }

private:
    OffscreenGl& gl_;
    QOpenGLContext* previous_;
    QSurface* previous_surface_;
    bool is_current_;
};

} // namespace vitreous
