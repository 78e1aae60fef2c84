#pragma once

#include <vtkNew.h>

#include "widgets/cloud/cloud_renderer.h"
#include "widgets/cloud/disc.h"
#include "widgets/cloud/drawn_cloud.h"
#include "widgets/cloud/vtk_spheres.h"

class vtkCamera;
class vtkProperty;
class vtkRenderPass;
class vtkRenderer;
class vtkRenderWindow;

namespace vitreous {

/// The side of what is drawn for a point, of which the shader leaves the disc.
double squareOf(const Disc& disc);

/// Pixels that a length of 1 takes in a view so high: at depth 1, or at any where the projection is
/// parallel.
double scaleOf(vtkCamera& camera, int height);

/// What all cells of a window have in common.
struct VtkCellShared {
    vtkRenderWindow& window;
    vtkCamera& camera;
    vtkProperty& points; ///< how points are drawn
    PointNumbers& none;  ///< in place of what a cloud does not have
    ValueTable& values;
    ColorTexture& colors;
    const Disc& disc;
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

    void setDepths();

    VtkCellShared shared_;
    vtkNew<vtkRenderer> renderer_;
    vtkNew<PointActor> points_;
    VtkSpheres spheres_;
    QSize size_;
};

} // namespace vitreous
