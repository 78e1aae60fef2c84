#pragma once

#include <memory>
#include <string>

#include <QImage>
#include <QSize>
#include <vtkSmartPointer.h>

#include "widgets/cloud/offscreen_gl.h"

class vtkGenericOpenGLRenderWindow;
class vtkObject;
class vtkRenderer;

namespace vitreous {

/// A VTK render window off the screen, in an OpenGL context of its own.
class VtkWindow {
public:
    /// Null where there is no OpenGL 3.3 or VTK cannot use it.
    static std::unique_ptr<VtkWindow> make();
    ~VtkWindow();
    VtkWindow(const VtkWindow&) = delete;
    VtkWindow& operator=(const VtkWindow&) = delete;

    [[nodiscard]] OffscreenGl& gl() { return *gl_; }
    [[nodiscard]] vtkGenericOpenGLRenderWindow& window() { return *window_; }
    /// "VTK 9.1, OpenGL 4.5 (...)"
    [[nodiscard]] const std::string& name() const { return name_; }
    /// Width and height of what it can draw, at the most.
    [[nodiscard]] int mostPixels() const { return most_pixels_; }
    /// The side of what it can draw for a point, at the most.
    [[nodiscard]] double mostPointSize() const { return most_point_size_; }

    /// Draws all renderers. With the context current. Returns Format_RGB32.
    QImage draw(QSize size);

private:
    explicit VtkWindow(std::unique_ptr<OffscreenGl> gl);

    bool init();
    void onMakeCurrent(vtkObject* caller, unsigned long event, void* data);
    void onIsCurrent(vtkObject* caller, unsigned long event, void* data);
    void onSupportsOpenGl(vtkObject* caller, unsigned long event, void* data);

    std::unique_ptr<OffscreenGl> gl_;
    vtkSmartPointer<vtkGenericOpenGLRenderWindow> window_;
    std::string name_;
    int most_pixels_ = 0;
    double most_point_size_ = 1.0;
};

} // namespace vitreous
