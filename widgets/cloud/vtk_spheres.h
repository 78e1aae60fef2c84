#pragma once

#include <memory>

#include <vtkNew.h>

#include "widgets/cloud/cloud_renderer.h"

class vtkActor;
class vtkOpenGLSphereMapper;
class vtkPolyData;
class vtkUnsignedCharArray;

namespace vitreous {

/// The group centres of one cell as spheres, each in the colour of its raw value, lit from the
/// camera.
class VtkSpheres {
public:
    VtkSpheres();
    ~VtkSpheres();
    VtkSpheres(const VtkSpheres&) = delete;
    VtkSpheres& operator=(const VtkSpheres&) = delete;

    [[nodiscard]] vtkActor& actor() { return *actor_; }
    /// Shows those of a cell, or none where it has no groups or the look shows none.
    void show(const CloudCell& cell, const CloudLook& look);

private:
    void setCenters(std::shared_ptr<const GroupWeights> weights);

    vtkNew<vtkActor> actor_;
    vtkNew<vtkOpenGLSphereMapper> mapper_;
    vtkNew<vtkPolyData> data_;
    vtkNew<vtkUnsignedCharArray> colors_;
    std::shared_ptr<const GroupWeights> weights_;
    std::vector<std::size_t> groups_; ///< whose centres are numbers
};

} // namespace vitreous
