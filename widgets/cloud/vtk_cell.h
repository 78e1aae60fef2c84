#pragma once

#include <vtkNew.h>
#include <vtkSmartPointer.h>

#include "widgets/cloud/cloud_renderer.h"
#include "widgets/cloud/drawn_cloud.h"
#include "widgets/cloud/point_disc.h"
#include "widgets/cloud/vtk_spheres.h"

class vtkCamera;
class vtkProperty;
class vtkRenderPass;
class vtkRenderer;
class vtkRenderWindow;
class vtkTextureObject;

namespace vitreous {

/// What all cells of a window have in common.
struct VtkCellShared {
    vtkRenderWindow& window;
    vtkCamera& camera;
    vtkProperty& points; ///< how points are drawn
    PointNumbers& none;  ///< in place of what a cloud does not have
    ValueTable& values;
    ColorTexture& colors;
    const PointDisc& disc;
};

/// One cell of a frame: a viewport of its own, with a cloud's points and its group centres. With
/// the window's context current.
class VtkCell {
public:
    explicit VtkCell(const VtkCellShared& shared);
    ~VtkCell();
    VtkCell(const VtkCell&) = delete;
    VtkCell& operator=(const VtkCell&) = delete;

    /// rect: in a window of that size, y down. Before show.
    void place(const QRect& rect, QSize window);
    /// Null: no eye-dome.
    void setPass(vtkRenderPass* pass);
    /// weights: of the cell, null where its values are not shown. Takes the cell's part of the
    /// value table.
    void show(
        const CloudCell& cell,
        const CloudLook& look,
        DrawnCloud& cloud,
        DrawnWeights* weights,
        std::size_t most_points);

private:
    void setTextures(DrawnCloud& cloud, DrawnWeights* weights);
    void setUniforms(const CloudCell& cell, const CloudLook& look, bool has_values);

    VtkCellShared shared_;
    vtkNew<vtkRenderer> renderer_;
    vtkNew<PointActor> points_;
    VtkSpheres spheres_;
    QSize size_;
};

} // namespace vitreous
