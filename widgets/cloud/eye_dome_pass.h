#pragma once

#include <memory>

#include <vtkDepthImageProcessingPass.h>
#include <vtkNew.h>

class vtkOpenGLFramebufferObject;
class vtkOpenGLQuadHelper;
class vtkOpenGLRenderWindow;
class vtkTextureObject;

namespace vitreous {

/// Eye-dome lighting of a viewport, as EyeDome does it. May be the pass of several renderers.
/// (vtkEDLShading clears all other viewports, and takes every depth for one of a perspective.)
class EyeDomePass final : public vtkDepthImageProcessingPass {
public:
    static EyeDomePass* New(); // NOLINT(readability-identifier-naming): VTK's name

    /// Diameter of the discs in pixels: neighbours are looked for beside a disc.
    void setDisc(double diameter) { disc_ = diameter; }

    void Render(const vtkRenderState* state) override;
    void ReleaseGraphicsResources(vtkWindow* window) override;

protected:
    EyeDomePass();
    ~EyeDomePass() override;

private:
    void setTargets(vtkOpenGLRenderWindow& window);
    void setUniforms(const vtkRenderState& state);
    void shade(vtkOpenGLRenderWindow& window, const vtkRenderState& state);

    double disc_ = 1.0;
    vtkNew<vtkOpenGLFramebufferObject> target_;
    vtkNew<vtkTextureObject> colors_;
    vtkNew<vtkTextureObject> depths_;
    std::unique_ptr<vtkOpenGLQuadHelper> quad_;
};

} // namespace vitreous
