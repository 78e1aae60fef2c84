#pragma once

#include <vector>

#include <vtkOpenGLActor.h>
#include <vtkOpenGLPolyDataMapper.h>

#include "core/base/unit_sphere.h"

class vtkTextureObject;
class vtkUniforms;

namespace vitreous {

/// A cloud's points, with their bounds known beforehand.
class PointMapper final : public vtkOpenGLPolyDataMapper {
public:
    static PointMapper* New(); // NOLINT(readability-identifier-naming): VTK's name

    void setSphere(const UnitSphere& sphere);

protected:
    PointMapper() = default;
    void ComputeBounds() override;

private:
    UnitSphere sphere_;
};

/// Points as discs, coloured by shaders/points.vert. Its mapper may be drawn by other actors too.
class PointActor final : public vtkOpenGLActor {
public:
    static PointActor* New(); // NOLINT(readability-identifier-naming): VTK's name

    /// What the shader samples under a name, while it draws.
    struct Sampled {
        const char* name = nullptr;
        vtkTextureObject* texture = nullptr;
    };
    void setTextures(std::vector<Sampled> textures) { textures_ = std::move(textures); }
    [[nodiscard]] vtkUniforms& uniforms();

    void Render(vtkRenderer* renderer, vtkMapper* mapper) override;

protected:
    PointActor();

private:
    std::vector<Sampled> textures_;
};

} // namespace vitreous
