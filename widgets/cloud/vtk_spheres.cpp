#include "widgets/cloud/vtk_spheres.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <vtkActor.h>
#include <vtkCellArray.h>
#include <vtkFloatArray.h>
#include <vtkOpenGLSphereMapper.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkProperty.h>
#include <vtkUnsignedCharArray.h>

#include "widgets/cloud/center_spheres.h"
#include "widgets/cloud/gl_arrays.h"

namespace vitreous {
namespace {

using Rgb = std::array<std::uint8_t, 3>;

Rgb colorOf(float value, const CloudCell& cell, const CloudLook& look) {
    if (!std::isfinite(value)) {
        return {
            std::uint8_t(qRed(look.no_value)), std::uint8_t(qGreen(look.no_value)),
            std::uint8_t(qBlue(look.no_value))};
    }
    const float place = std::clamp(placeInRange(value, cell.low, cell.high), 0.0F, 1.0F);
    return colorTable(look.colormap)[static_cast<std::size_t>(std::lround(place * 255.0F))];
}

} // namespace

VtkSpheres::VtkSpheres() {
    actor_->GetProperty()->SetAmbient(center_least_light);
    actor_->GetProperty()->SetDiffuse(1.0 - center_least_light);
    colors_->SetNumberOfComponents(3);
    data_->GetPointData()->SetScalars(colors_);
    mapper_->SetInputData(data_);
    mapper_->SetRadius(float(center_radius));
    mapper_->SetColorModeToDirectScalars();
    mapper_->SetScalarModeToUsePointData();
    actor_->SetMapper(mapper_);
    actor_->VisibilityOff();
}

VtkSpheres::~VtkSpheres() = default;

void VtkSpheres::setCenters(std::shared_ptr<const GroupWeights> weights) {
    weights_ = std::move(weights);
    groups_.clear();
    const vtkNew<vtkFloatArray> positions;
    positions->SetNumberOfComponents(3);
    for (std::size_t group = 0; group < weights_->groupCount(); ++group) {
        const float* const center = &weights_->centers.values[3 * group];
        if (std::all_of(center, center + 3, [](float value) { return std::isfinite(value); })) {
            groups_.push_back(group);
            positions->InsertNextTuple(center);
        }
    }
    const auto groups = static_cast<vtkIdType>(groups_.size());
    const vtkNew<vtkPoints> points;
    points->SetData(positions);
    const vtkNew<vtkCellArray> vertices;
    vertices->InsertNextCell(static_cast<int>(groups));
    for (vtkIdType group = 0; group < groups; ++group) {
        vertices->InsertCellPoint(group);
    }
    data_->SetPoints(points);
    data_->SetVerts(vertices);
    colors_->SetNumberOfTuples(groups);
}

void VtkSpheres::show(const CloudCell& cell, const CloudLook& look) {
    const bool is_shown =
        look.shows_centers && cell.weights != nullptr && cell.weights->groupCount() > 0;
    actor_->SetVisibility(is_shown ? 1 : 0);
    if (!is_shown) {
        return;
    }
    bool is_changed = weights_ != cell.weights;
    if (is_changed) {
        setCenters(cell.weights);
    }
    actor_->SetVisibility(groups_.empty() ? 0 : 1);
    std::uint8_t* at = colors_->GetPointer(0);
    for (const std::size_t group : groups_) {
        const float value = group < cell.values.size() ? cell.values[group] : std::nanf("");
        const Rgb color = colorOf(value, cell, look);
        is_changed = is_changed || !std::equal(color.begin(), color.end(), at);
        at = std::copy(color.begin(), color.end(), at);
    }
    if (is_changed) {
        colors_->Modified();
        data_->Modified();
    }
}

} // namespace vitreous
