#include "widgets/cloud/vtk_window.h"

#include <algorithm>
#include <array>

#include <QOpenGLContext>
#include <QOpenGLExtraFunctions>
#include <vtkCommand.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkLogger.h>
#include <vtkNew.h>
#include <vtkObjectFactory.h>
#include <vtkOpenGLFramebufferObject.h>
#include <vtkOpenGLState.h>
#include <vtkOutputWindow.h>
#include <vtkVersion.h>

namespace vitreous {
namespace {

/// VTK's messages go where the program's go, instead of to windows of their own.
class MessageWindow final : public vtkOutputWindow {
public:
    static MessageWindow* New(); // NOLINT(readability-identifier-naming): VTK's name
    void DisplayText(const char* text) override { qWarning("VTK: %s", text); }

protected:
    MessageWindow() = default;
};
vtkStandardNewMacro(MessageWindow);

void redirectMessages() {
    static const bool is_done = [] {
        const vtkNew<MessageWindow> window;
        vtkOutputWindow::SetInstance(window);
        // It writes the same to the standard error.
        vtkLogger::SetStderrVerbosity(vtkLogger::VERBOSITY_OFF);
        return true;
    }();
    static_cast<void>(is_done);
}

/// OpenGL's rows begin at the bottom, and its alpha is whatever it was cleared to.
void toRows(QImage& image) {
    constexpr QRgb opaque = 0xff000000U;
    const int height = image.height();
    const auto width = std::size_t(image.width());
    for (int y = 0; y < (height + 1) / 2; ++y) {
        auto* upper = reinterpret_cast<QRgb*>(image.scanLine(y));
        auto* lower = reinterpret_cast<QRgb*>(image.scanLine(height - 1 - y));
        for (std::size_t x = 0; x < width; ++x) {
            const QRgb pixel = upper[x] | opaque;
            upper[x] = lower[x] | opaque;
            lower[x] = pixel;
        }
    }
}

} // namespace

std::unique_ptr<VtkWindow> VtkWindow::make() {
    auto gl = OffscreenGl::make();
    if (gl == nullptr) {
        return nullptr;
    }
    redirectMessages();
    std::unique_ptr<VtkWindow> made(new VtkWindow(std::move(gl)));
    return made->init() ? std::move(made) : nullptr;
}

VtkWindow::VtkWindow(std::unique_ptr<OffscreenGl> gl)
    : gl_(std::move(gl)), window_(vtkSmartPointer<vtkGenericOpenGLRenderWindow>::New()) {
    window_->SetReadyForRendering(false);
    window_->SetOwnContext(0);
    window_->SetMultiSamples(0);
    window_->SetFrameBlitModeToNoBlit();
    window_->AddObserver(vtkCommand::WindowMakeCurrentEvent, this, &VtkWindow::onMakeCurrent);
    window_->AddObserver(vtkCommand::WindowIsCurrentEvent, this, &VtkWindow::onIsCurrent);
    window_->AddObserver(vtkCommand::WindowSupportsOpenGLEvent, this, &VtkWindow::onSupportsOpenGl);
}

VtkWindow::~VtkWindow() {
    // VTK frees what it has in the context, which has to be there and current then.
    const CurrentGl current(*gl_);
    window_ = nullptr;
}

bool VtkWindow::init() {
    const CurrentGl current(*gl_);
    if (!current.isCurrent()) {
        return false;
    }
    window_->SetReadyForRendering(true);
    window_->SetMapped(1);
    window_->SetIsCurrent(true);
    // Debian's VTK finds OpenGL's functions by GLX alone: contexts of EGL are none that it knows.
    const int shows_warnings = vtkObject::GetGlobalWarningDisplay();
    vtkObject::SetGlobalWarningDisplay(0);
    window_->OpenGLInit();
    vtkObject::SetGlobalWarningDisplay(shows_warnings);
    window_->SetOwnContext(0);
    int major = 0;
    int minor = 0;
    window_->GetOpenGLVersion(major, minor);
    if (major < 3) {
        return false;
    }
    GLint texture = 0;
    gl_->context().functions()->glGetIntegerv(GL_MAX_TEXTURE_SIZE, &texture);
    std::array<GLint, 2> viewport{};
    gl_->context().functions()->glGetIntegerv(GL_MAX_VIEWPORT_DIMS, viewport.data());
    most_pixels_ = std::min({texture, viewport[0], viewport[1]});
    std::array<GLfloat, 2> point_sizes{};
    gl_->context().functions()->glGetFloatv(GL_POINT_SIZE_RANGE, point_sizes.data());
    most_point_size_ = double(point_sizes[1]);
    name_ = "VTK " + std::to_string(vtkVersion::GetVTKMajorVersion()) + "." +
            std::to_string(vtkVersion::GetVTKMinorVersion()) + ", " + gl_->name();
    return true;
}

void VtkWindow::onMakeCurrent(vtkObject*, unsigned long, void*) {
    gl_->makeCurrent();
}

void VtkWindow::onIsCurrent(vtkObject*, unsigned long, void* data) {
    *static_cast<bool*>(data) = gl_->isCurrent();
}

void VtkWindow::onSupportsOpenGl(vtkObject*, unsigned long, void* data) {
    *static_cast<int*>(data) = 1;
}

QImage VtkWindow::draw(QSize size) {
    window_->SetSize(size.width(), size.height());
    window_->Render();
    QImage image(size, QImage::Format_RGB32);
    auto* functions = gl_->context().extraFunctions();
    vtkOpenGLState& state = *window_->GetState();
    state.Reset();
    state.Push();
    const unsigned int drawn = window_->GetDisplayFramebuffer()->GetFBOIndex();
    functions->glBindFramebuffer(GL_READ_FRAMEBUFFER, drawn);
    functions->glReadBuffer(GL_COLOR_ATTACHMENT0);
    functions->glPixelStorei(GL_PACK_ALIGNMENT, 4);
    constexpr GLenum bgra = 0x80E1;
    // The bytes of a QRgb on machines that are little-endian; packed, it is so on all.
    constexpr GLenum packed = 0x8367; // GL_UNSIGNED_INT_8_8_8_8_REV
    functions->glReadPixels(0, 0, size.width(), size.height(), bgra, packed, image.bits());
    state.Pop();
    while (const GLenum error = functions->glGetError()) {
        qWarning("OpenGL error 0x%x while point clouds were drawn", error);
    }
    toRows(image);
    return image;
}

} // namespace vitreous
