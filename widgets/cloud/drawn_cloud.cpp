#include "widgets/cloud/drawn_cloud.h"

#include <algorithm>
#include <cmath>

#include <vtkCellArray.h>
#include <vtkFloatArray.h>
#include <vtkMatrix4x4.h>
#include <vtkOpenGLRenderWindow.h>
#include <vtkOpenGLVertexBufferObject.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkTypeInt32Array.h>

#include "widgets/cloud/point_transform.h"

namespace vitreous {
namespace {

/// VTK copies one VTK cell after the other on its way to the GPU: this keeps the copies small.
constexpr std::size_t points_a_vertex_cell = 65536;

/// Farther from 0 than so many radii, a GPU's floats lose what the cloud's points have.
constexpr double most_offset = 8.0;

/// Every step-th point as vertices to draw.
vtkSmartPointer<vtkCellArray> verticesOf(std::size_t points, std::size_t step) {
    const std::size_t drawn = (points + step - 1) / step;
    const vtkNew<vtkTypeInt32Array> indices;
    indices->SetNumberOfValues(static_cast<vtkIdType>(drawn));
    vtkTypeInt32* index = indices->GetPointer(0);
    for (std::size_t i = 0; i < drawn; ++i) {
        index[i] = static_cast<vtkTypeInt32>(i * step);
    }
    const vtkNew<vtkTypeInt32Array> offsets;
    for (std::size_t first = 0; first < drawn; first += points_a_vertex_cell) {
        offsets->InsertNextValue(static_cast<vtkTypeInt32>(first));
    }
    offsets->InsertNextValue(static_cast<vtkTypeInt32>(drawn));
    auto vertices = vtkSmartPointer<vtkCellArray>::New();
    vertices->SetData(offsets.Get(), indices.Get());
    return vertices;
}

double radiusOf(const UnitSphere& sphere) {
    return sphere.radius > 0.0 ? sphere.radius : 1.0;
}

bool isFarAway(const UnitSphere& sphere) {
    const double most = std::max(
        {std::abs(sphere.center[0]), std::abs(sphere.center[1]), std::abs(sphere.center[2])});
    return most > most_offset * radiusOf(sphere);
}

} // namespace

DrawnCloud::DrawnCloud(vtkOpenGLRenderWindow& window, std::shared_ptr<const CloudShape> shape)
    : shape_(std::move(shape)) {
    const PointCloud& cloud = *shape_->cloud;
    const vtkNew<vtkFloatArray> positions;
    positions->SetNumberOfComponents(3);
    // VTK reads them only: the array is not given away, and nothing is freed (save: 1).
    positions->SetArray(
        const_cast<float*>(cloud.positions.data()), 3 * static_cast<vtkIdType>(cloud.size()), 1);
    points_->SetData(positions);
    const UnitSphere& sphere = shape_->sphere;
    for (int axis = 0; axis < 3; ++axis) {
        to_sphere_->SetElement(axis, axis, 1.0 / radiusOf(sphere));
        to_sphere_->SetElement(axis, 3, -sphere.center[std::size_t(axis)] / radiusOf(sphere));
    }
    if (!cloud.colors.empty() && PointNumbers::hasRoom(window, cloud.colors.size())) {
        own_colors_ = std::make_unique<PointNumbers>(window, cloud.colors);
    }
}

DrawnCloud::~DrawnCloud() = default;

PointMapper& DrawnCloud::mapper(std::size_t most_points) {
    const std::size_t step = stepOver(shape_->cloud->size(), most_points);
    Strided& strided = step == 1 ? all_ : some_;
    if (strided.step != step) {
        setStep(strided, step);
    }
    return *strided.mapper;
}

void DrawnCloud::setStep(Strided& strided, std::size_t step) {
    const vtkNew<vtkPolyData> data;
    data->SetPoints(points_);
    data->SetVerts(verticesOf(shape_->cloud->size(), step));
    strided.step = step;
    strided.mapper = vtkSmartPointer<PointMapper>::New();
    strided.mapper->setSphere({shape_->sphere.center, radiusOf(shape_->sphere)});
    strided.mapper->ScalarVisibilityOff();
    strided.mapper->SetInputData(data);
    // Taken relative to their middle, which is done with doubles and costs another copy.
    strided.mapper->SetVBOShiftScaleMethod(
        isFarAway(shape_->sphere) ? vtkOpenGLVertexBufferObject::AUTO_SHIFT
                                  : vtkOpenGLVertexBufferObject::DISABLE_SHIFT_SCALE);
}

DrawnWeights::DrawnWeights(
    vtkOpenGLRenderWindow& window,
    std::shared_ptr<const GroupWeights> weights)
    : weights_(std::move(weights)), groups_(
                                        window,
                                        std::span<const std::uint16_t>(
                                            weights_->groups.data()->data(),
                                            nearest_groups * weights_->groups.size())),
      shares_(
          window,
          std::span<const std::uint16_t>(
              weights_->shares.data()->data(),
              nearest_groups * weights_->shares.size())) {}

} // namespace vitreous
