#include "widgets/cloud/point_actor.h"

#include <vtkObjectFactory.h>
#include <vtkShaderProperty.h>
#include <vtkTextureObject.h>
#include <vtkUniforms.h>

#include "widgets/cloud/shader_text.h"

namespace vitreous {

vtkStandardNewMacro(PointMapper);
vtkStandardNewMacro(PointActor);

void PointMapper::setSphere(const UnitSphere& sphere) {
    sphere_ = sphere;
    Modified();
}

void PointMapper::ComputeBounds() {
    for (std::size_t axis = 0; axis < 3; ++axis) {
        Bounds[2 * axis] = sphere_.center[axis] - sphere_.radius;
        Bounds[2 * axis + 1] = sphere_.center[axis] + sphere_.radius;
    }
}

PointActor::PointActor() {
    GetShaderProperty()->SetVertexShaderCode(shaderText("points.vert").constData());
    GetShaderProperty()->SetFragmentShaderCode(shaderText("points.frag").constData());
}

vtkUniforms& PointActor::uniforms() {
    return *GetShaderProperty()->GetVertexCustomUniforms();
}

void PointActor::Render(vtkRenderer* renderer, vtkMapper* mapper) {
    for (const Sampled& sampled : textures_) {
        sampled.texture->Activate();
        uniforms().SetUniformi(sampled.name, sampled.texture->GetTextureUnit());
    }
    vtkOpenGLActor::Render(renderer, mapper);
    for (const Sampled& sampled : textures_) {
        sampled.texture->Deactivate();
    }
}

} // namespace vitreous
