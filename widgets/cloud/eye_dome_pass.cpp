#include "widgets/cloud/eye_dome_pass.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <qopengl.h>
#include <vtkCamera.h>
#include <vtkObjectFactory.h>
#include <vtkOpenGLFramebufferObject.h>
#include <vtkOpenGLQuadHelper.h>
#include <vtkOpenGLRenderWindow.h>
#include <vtkOpenGLShaderCache.h>
#include <vtkOpenGLState.h>
#include <vtkRenderState.h>
#include <vtkRenderer.h>
#include <vtkShaderProgram.h>
#include <vtkTextureObject.h>

#include "widgets/cloud/eye_dome.h"
#include "widgets/cloud/shader_text.h"
#include "widgets/cloud/vtk_cell.h"

namespace vitreous {

vtkStandardNewMacro(EyeDomePass);

namespace {

vtkOpenGLRenderWindow& windowOf(const vtkRenderState& state) {
    return *vtkOpenGLRenderWindow::SafeDownCast(state.GetRenderer()->GetRenderWindow());
}

} // namespace

EyeDomePass::EyeDomePass() = default;

EyeDomePass::~EyeDomePass() = default;

void EyeDomePass::Render(const vtkRenderState* state) {
    NumberOfRenderedProps = 0;
    ReadWindowSize(state);
    if (Width <= 0 || Height <= 0) {
        return;
    }
    vtkOpenGLRenderWindow& window = windowOf(*state);
    setTargets(window);
    window.GetState()->PushFramebufferBindings();
    RenderDelegate(state, Width, Height, Width, Height, target_, colors_, depths_);
    window.GetState()->PopFramebufferBindings();
    shade(window, *state);
}

void EyeDomePass::setTargets(vtkOpenGLRenderWindow& window) {
    target_->SetContext(&window);
    colors_->SetContext(&window);
    depths_->SetContext(&window);
    const auto width = static_cast<unsigned int>(Width);
    const auto height = static_cast<unsigned int>(Height);
    if (colors_->GetWidth() != width || colors_->GetHeight() != height) {
        colors_->Create2D(width, height, 4, VTK_UNSIGNED_CHAR, false);
        depths_->AllocateDepth(width, height, vtkTextureObject::Float32);
    }
    if (quad_ == nullptr) {
        quad_ = std::make_unique<vtkOpenGLQuadHelper>(
            &window, nullptr, shaderText("eye_dome.frag").constData(), "");
    }
}

void EyeDomePass::setUniforms(const vtkRenderState& state) {
    vtkShaderProgram& program = *quad_->Program;
    vtkCamera& camera = *state.GetRenderer()->GetActiveCamera();
    const int size[2] = {Width, Height};
    program.SetUniform2i("size", size);
    const float range[2] = {
        float(camera.GetClippingRange()[0]), float(camera.GetClippingRange()[1])};
    program.SetUniform2f("range", range);
    program.SetUniformi("is_perspective", camera.GetParallelProjection() != 0 ? 0 : 1);
    program.SetUniformf("scale", float(scaleOf(camera, Height)));
    program.SetUniformf("strength", eye_dome::strength);
    program.SetUniformf("steepest", eye_dome::steepest);
    program.SetUniformf("outline_darkness", eye_dome::outline_darkness);
    const double reach = std::min(
        std::max({1.0, Height * eye_dome::reach_of_view, disc_ * eye_dome::reach_of_disc}),
        eye_dome::most_reach);
    const int outline = std::clamp(
        int(std::lround(Height * eye_dome::outline_of_view)), 1, int(std::lround(reach)));
    program.SetUniformi("outline", outline);
    float neighbours[eye_dome::neighbours][3];
    for (int i = 0; i < eye_dome::neighbours; ++i) {
        const double angle = 2.0 * std::numbers::pi * i / eye_dome::neighbours;
        const double x = std::round(reach * std::cos(angle));
        const double y = std::round(reach * std::sin(angle));
        neighbours[i][0] = float(x);
        neighbours[i][1] = float(y);
        neighbours[i][2] = float(1.0 / std::hypot(x, y));
    }
    program.SetUniform3fv("neighbours", eye_dome::neighbours, neighbours);
}

void EyeDomePass::shade(vtkOpenGLRenderWindow& window, const vtkRenderState& state) {
    vtkOpenGLState& gl = *window.GetState();
    window.GetShaderCache()->ReadyShaderProgram(quad_->Program);
    colors_->Activate();
    depths_->Activate();
    quad_->Program->SetUniformi("colors", colors_->GetTextureUnit());
    quad_->Program->SetUniformi("depths", depths_->GetTextureUnit());
    setUniforms(state);
    gl.vtkglViewport(Origin[0], Origin[1], Width, Height);
    gl.vtkglScissor(Origin[0], Origin[1], Width, Height);
    const vtkOpenGLState::ScopedglEnableDisable depth_test(&gl, GL_DEPTH_TEST);
    const vtkOpenGLState::ScopedglEnableDisable blend(&gl, GL_BLEND);
    gl.vtkglDisable(GL_DEPTH_TEST);
    gl.vtkglDisable(GL_BLEND);
    quad_->Render();
    depths_->Deactivate();
    colors_->Deactivate();
}

void EyeDomePass::ReleaseGraphicsResources(vtkWindow* window) {
    quad_.reset();
    colors_->ReleaseGraphicsResources(window);
    depths_->ReleaseGraphicsResources(window);
    target_->ReleaseGraphicsResources(window);
    vtkDepthImageProcessingPass::ReleaseGraphicsResources(window);
}

} // namespace vitreous
