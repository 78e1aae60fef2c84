#pragma once

#include <memory>

#include <vtkNew.h>
#include <vtkSmartPointer.h>

#include "widgets/cloud/cloud_renderer.h"
#include "widgets/cloud/gl_arrays.h"
#include "widgets/cloud/point_actor.h"

class vtkMatrix4x4;
class vtkOpenGLRenderWindow;
class vtkPoints;

namespace vitreous {

/// A cloud's points as VTK draws them: one copy on the GPU, whatever number of cells shows them.
/// What it draws are the cloud's own positions, without a copy in memory. With the window's context
/// current.
class DrawnCloud {
public:
    /// shape: has at least one point.
    DrawnCloud(vtkOpenGLRenderWindow& window, std::shared_ptr<const CloudShape> shape);
    ~DrawnCloud();
    DrawnCloud(const DrawnCloud&) = delete;
    DrawnCloud& operator=(const DrawnCloud&) = delete;

    [[nodiscard]] const std::shared_ptr<const CloudShape>& shape() const { return shape_; }
    /// Of all points, or of no more than most_points of them, evenly chosen; 0: all.
    PointMapper& mapper(std::size_t most_points);
    /// From the cloud's coordinates to the unit sphere's.
    [[nodiscard]] vtkMatrix4x4& toSphere() { return *to_sphere_; }
    /// Null: it has none, or more than a GPU has room for.
    [[nodiscard]] PointNumbers* ownColors() { return own_colors_.get(); }

private:
    struct Strided {
        std::size_t step = 0;
        vtkSmartPointer<PointMapper> mapper;
    };
    void setStep(Strided& strided, std::size_t step);

    std::shared_ptr<const CloudShape> shape_;
    vtkNew<vtkPoints> points_;
    vtkNew<vtkMatrix4x4> to_sphere_;
    std::unique_ptr<PointNumbers> own_colors_;
    Strided all_;
    Strided some_; ///< while the camera moves
};

/// The groups of a cloud's points on the GPU. With the window's context current.
class DrawnWeights {
public:
    /// weights: of at least one point.
    DrawnWeights(vtkOpenGLRenderWindow& window, std::shared_ptr<const GroupWeights> weights);

    [[nodiscard]] const std::shared_ptr<const GroupWeights>& weights() const { return weights_; }
    [[nodiscard]] PointNumbers& groups() { return groups_; }
    [[nodiscard]] PointNumbers& shares() { return shares_; }

private:
    std::shared_ptr<const GroupWeights> weights_;
    PointNumbers groups_;
    PointNumbers shares_;
};

} // namespace vitreous
