#include "widgets/cloud/vtk_cell.h"

#include <array>
#include <cmath>
#include <numbers>

#include <vtkActor.h>
#include <vtkCamera.h>
#include <vtkCullerCollection.h>
#include <vtkMatrix4x4.h>
#include <vtkProperty.h>
#include <vtkRenderPass.h>
#include <vtkRenderWindow.h>
#include <vtkRenderer.h>
#include <vtkUniforms.h>

namespace vitreous {
namespace {

constexpr double most_byte = 255.0;

std::array<float, 3> bytesOf(QRgb color) {
    return {float(qRed(color)), float(qGreen(color)), float(qBlue(color))};
}

} // namespace

double squareOf(const Disc& disc) {
    // Of pixels whose middle lies on the edge of a square some are drawn and some are not.
    constexpr double margin = 1.0;
    return 2.0 * disc.radius + margin;
}

double scaleOf(vtkCamera& camera, int height) {
    constexpr double half_turn = 180.0;
    const double angle = camera.GetViewAngle() * std::numbers::pi / half_turn;
    const double half =
        camera.GetParallelProjection() != 0 ? camera.GetParallelScale() : std::tan(angle / 2.0);
    return height / (2.0 * half);
}

VtkCell::VtkCell(const VtkCellShared& shared) : shared_(shared) {
    // A cell's cloud is in view nearly always, and looking for it costs a pass over its bounds.
    renderer_->GetCullers()->RemoveAllItems();
    renderer_->SetInteractive(0);
    renderer_->SetActiveCamera(&shared_.camera);
    points_->SetProperty(&shared_.points);
    renderer_->AddActor(points_);
    renderer_->AddActor(&spheres_.actor());
    shared_.window.AddRenderer(renderer_);
}

VtkCell::~VtkCell() {
    // Other cells may draw with the same mapper, which else would lose what it has on the GPU.
    points_->SetMapper(nullptr);
    renderer_->SetPass(nullptr);
    shared_.window.RemoveRenderer(renderer_);
}

void VtkCell::place(const QRect& rect, QSize window) {
    size_ = rect.size();
    const double width = window.width();
    const double height = window.height();
    renderer_->SetViewport(
        rect.left() / width, 1.0 - (rect.top() + rect.height()) / height,
        (rect.left() + rect.width()) / width, 1.0 - rect.top() / height);
}

void VtkCell::setPass(vtkRenderPass* pass) {
    renderer_->SetPass(pass);
}

void VtkCell::show(
    const CloudCell& cell,
    const CloudLook& look,
    DrawnCloud& cloud,
    DrawnWeights* weights,
    std::size_t most_points) {
    renderer_->SetBackground(
        qRed(look.ground) / most_byte, qGreen(look.ground) / most_byte,
        qBlue(look.ground) / most_byte);
    points_->SetMapper(&cloud.mapper(most_points));
    points_->SetUserMatrix(&cloud.toSphere());
    setTextures(cloud, weights);
    setUniforms(cell, look, weights != nullptr);
    spheres_.show(cell, look);
}

void VtkCell::setTextures(DrawnCloud& cloud, DrawnWeights* weights) {
    PointNumbers* own_colors = cloud.ownColors();
    points_->setTextures(
        {{"own_colors", &(own_colors != nullptr ? *own_colors : shared_.none).texture()},
         {"groups", &(weights != nullptr ? weights->groups() : shared_.none).texture()},
         {"shares", &(weights != nullptr ? weights->shares() : shared_.none).texture()},
         {"values", &shared_.values.texture()},
         {"table", &shared_.colors.texture()}});
    points_->uniforms().SetUniformi("has_own_colors", own_colors != nullptr ? 1 : 0);
}

void VtkCell::setUniforms(const CloudCell& cell, const CloudLook& look, bool has_values) {
    vtkUniforms& uniforms = points_->uniforms();
    const int weighed = look.values == GroupValues::Raw ? 1 : int(nearest_groups);
    uniforms.SetUniformi("group_count", has_values ? weighed : 0);
    const std::size_t groups = has_values ? cell.weights->groupCount() : 0;
    uniforms.SetUniformi(
        "first_value", shared_.values.add(cell.values, groups, cell.low, cell.high));
    uniforms.SetUniformi("values_width", ValueTable::width);
    uniforms.SetUniformf("opacity", look.opacity);
    uniforms.SetUniformf("threshold", look.threshold);
    uniforms.SetUniform3f("plain", bytesOf(look.plain).data());
    uniforms.SetUniform3f("no_value", bytesOf(look.no_value).data());
    const Disc& disc = shared_.disc;
    const std::array<float, 2> viewport = {float(size_.width()), float(size_.height())};
    uniforms.SetUniform2f("viewport", viewport.data());
    uniforms.SetUniformf("corner", disc.is_cornered ? 0.5F : 0.0F);
    uniforms.SetUniformf("square", float(squareOf(disc)));
    uniforms.SetUniformf("radius", float(disc.radius));
    uniforms.SetUniformf("bulge", float(disc_bulge / disc.radius));
    setDepths();
}

void VtkCell::setDepths() {
    vtkUniforms& uniforms = points_->uniforms();
    vtkCamera& camera = shared_.camera;
    const std::array<float, 2> range = {
        float(camera.GetClippingRange()[0]), float(camera.GetClippingRange()[1])};
    uniforms.SetUniform2f("range", range.data());
    uniforms.SetUniformi("is_perspective", camera.GetParallelProjection() != 0 ? 0 : 1);
    uniforms.SetUniformf("scale", float(scaleOf(camera, size_.height())));
}

} // namespace vitreous
