#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>
#include <vector>

#include <vtkCamera.h>
#include <vtkGenericOpenGLRenderWindow.h>
#include <vtkProperty.h>
#include <vtkRenderStepsPass.h>
#include <vtkRenderer.h>

#include "widgets/cloud/center_spheres.h"
#include "widgets/cloud/cloud_renderer.h"
#include "widgets/cloud/eye_dome_pass.h"
#include "widgets/cloud/vtk_cell.h"
#include "widgets/cloud/vtk_window.h"

namespace vitreous {
namespace {

class VtkCloudRenderer final : public CloudRenderer {
public:
    explicit VtkCloudRenderer(std::unique_ptr<VtkWindow> window);
    ~VtkCloudRenderer() override;
    VtkCloudRenderer(const VtkCloudRenderer&) = delete;
    VtkCloudRenderer& operator=(const VtkCloudRenderer&) = delete;

    QImage render(const CloudFrame& frame) override;
    [[nodiscard]] std::string name() const override { return window_->name(); }

private:
    void forgetAllBut(const std::vector<const CloudCell*>& cells);
    DrawnCloud& drawn(const std::shared_ptr<const CloudShape>& shape);
    DrawnWeights* drawn(const std::shared_ptr<const GroupWeights>& weights);
    void show(const CloudFrame& frame, const std::vector<const CloudCell*>& cells, QRect extent);

    std::unique_ptr<VtkWindow> window_;
    vtkNew<vtkCamera> camera_;
    vtkNew<vtkProperty> points_;
    Disc disc_;
    vtkNew<vtkRenderer> ground_;
    vtkNew<vtkRenderStepsPass> steps_;
    vtkNew<EyeDomePass> eye_dome_;
    std::unique_ptr<PointNumbers> none_;
    std::unique_ptr<ValueTable> values_;
    std::unique_ptr<ColorTexture> colors_;
    std::vector<std::unique_ptr<DrawnCloud>> clouds_;
    std::vector<std::unique_ptr<DrawnWeights>> weights_;
    std::vector<std::unique_ptr<VtkCell>> cells_;
};

double radians(double degrees) {
    constexpr double half_turn = 180.0;
    return degrees * std::numbers::pi / half_turn;
}

/// How far from the middle of the unit sphere anything of the cells is. A cloud may stand out of it
/// where it was made for some of its points, and a group centre by its radius.
double reachOf(const std::vector<const CloudCell*>& cells) {
    double reach = 1.0;
    for (const CloudCell* cell : cells) {
        const auto& [center, radius] = cell->shape->bounds;
        reach = std::max(reach, std::hypot(center[0], center[1], center[2]) + radius);
    }
    return reach + 2.0 * center_radius;
}

void setCamera(vtkCamera& camera, const CloudCamera& from, double reach) {
    const QVector3D position = positionOf(from);
    const QVector3D focus(float(from.focus[0]), float(from.focus[1]), float(from.focus[2]));
    const QVector3D up = upOf(from);
    camera.SetPosition(position.x(), position.y(), position.z());
    camera.SetFocalPoint(focus.x(), focus.y(), focus.z());
    camera.SetViewUp(up.x(), up.y(), up.z());
    camera.SetViewAngle(from.view_angle);
    camera.SetParallelProjection(from.projection == Projection::Orthographic ? 1 : 0);
    camera.SetParallelScale(from.distance * std::tan(radians(from.view_angle) / 2.0));
    const double middle = double(QVector3D::dotProduct(position, (position - focus).normalized()));
    const double near = std::max(middle - reach, least_depth);
    camera.SetClippingRange(near, std::max(middle + reach, 2.0 * near));
}

QImage groundOf(const CloudFrame& frame) {
    QImage image(frame.size, QImage::Format_RGB32);
    image.fill(frame.look.ground);
    return image;
}

template <typename Drawn, typename IsUsed>
void eraseUnused(std::vector<std::unique_ptr<Drawn>>& all, const IsUsed& isUsed) {
    std::erase_if(all, [&](const auto& one) { return !isUsed(*one); });
}

VtkCloudRenderer::VtkCloudRenderer(std::unique_ptr<VtkWindow> window) : window_(std::move(window)) {
    const CurrentGl current(window_->gl());
    const std::array<std::uint8_t, 1> nothing{};
    none_ =
        std::make_unique<PointNumbers>(window_->window(), std::span<const std::uint8_t>(nothing));
    values_ = std::make_unique<ValueTable>(window_->window());
    colors_ = std::make_unique<ColorTexture>(window_->window());
    points_->LightingOff();
    eye_dome_->SetDelegatePass(steps_);
    ground_->SetInteractive(0);
    window_->window().AddRenderer(ground_);
}

VtkCloudRenderer::~VtkCloudRenderer() {
    // What is on the GPU is freed while the context is there and current; the window goes last.
    const CurrentGl current(window_->gl());
    cells_.clear();
    clouds_.clear();
    weights_.clear();
    none_.reset();
    values_.reset();
    colors_.reset();
    eye_dome_->ReleaseGraphicsResources(&window_->window());
    window_->window().RemoveRenderer(ground_);
}

DrawnCloud& VtkCloudRenderer::drawn(const std::shared_ptr<const CloudShape>& shape) {
    for (const auto& cloud : clouds_) {
        if (cloud->shape() == shape) {
            return *cloud;
        }
    }
    clouds_.push_back(std::make_unique<DrawnCloud>(window_->window(), shape));
    return *clouds_.back();
}

DrawnWeights* VtkCloudRenderer::drawn(const std::shared_ptr<const GroupWeights>& weights) {
    if (weights == nullptr || weights->groupCount() == 0 ||
        !PointNumbers::hasRoom(window_->window(), nearest_groups * weights->groups.size())) {
        return nullptr;
    }
    for (const auto& one : weights_) {
        if (one->weights() == weights) {
            return one.get();
        }
    }
    weights_.push_back(std::make_unique<DrawnWeights>(window_->window(), weights));
    return weights_.back().get();
}

void VtkCloudRenderer::forgetAllBut(const std::vector<const CloudCell*>& cells) {
    const auto isAnyOf = [&](const auto& isIt) {
        return std::any_of(cells.begin(), cells.end(), isIt);
    };
    eraseUnused(clouds_, [&](const DrawnCloud& cloud) {
        return isAnyOf([&](const CloudCell* cell) { return cell->shape == cloud.shape(); });
    });
    eraseUnused(weights_, [&](const DrawnWeights& weights) {
        return isAnyOf([&](const CloudCell* cell) { return cell->weights == weights.weights(); });
    });
}

void VtkCloudRenderer::show(
    const CloudFrame& frame,
    const std::vector<const CloudCell*>& cells,
    QRect extent) {
    const CloudLook& look = frame.look;
    setCamera(*camera_, look.camera, reachOf(cells));
    disc_ = discOf(std::min(look.point_size, window_->mostPointSize() - 1.0));
    points_->SetPointSize(float(squareOf(disc_)));
    eye_dome_->setDisc(look.point_size);
    ground_->SetBackground(
        qRed(look.ground) / 255.0, qGreen(look.ground) / 255.0, qBlue(look.ground) / 255.0);
    values_->clear();
    colors_->upload(look.colormap);
    while (cells_.size() > cells.size()) {
        cells_.pop_back();
    }
    while (cells_.size() < cells.size()) {
        cells_.push_back(std::make_unique<VtkCell>(VtkCellShared{
            window_->window(), *camera_, *points_, *none_, *values_, *colors_, disc_}));
    }
    forgetAllBut(cells);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        cells_[i]->place(cells[i]->rect.translated(-extent.topLeft()), extent.size());
        cells_[i]->setPass(look.shading == CloudShading::EyeDome ? eye_dome_.Get() : nullptr);
        cells_[i]->show(
            *cells[i], look, drawn(cells[i]->shape), drawn(cells[i]->weights), frame.most_points);
    }
    values_->upload();
}

QImage VtkCloudRenderer::render(const CloudFrame& frame) {
    if (frame.size.isEmpty()) {
        return {};
    }
    const CurrentGl current(window_->gl());
    const QRect whole(QPoint(), frame.size);
    QRect extent = whole;
    std::vector<const CloudCell*> cells;
    for (const CloudCell& cell : frame.cells) {
        if (cell.rect.intersects(whole) && cell.shape != nullptr && cell.shape->cloud->size() > 0) {
            cells.push_back(&cell);
            extent |= cell.rect;
        }
    }
    const int most = window_->mostPixels();
    if (!current.isCurrent() || extent.width() > most || extent.height() > most) {
        return groundOf(frame);
    }
    show(frame, cells, extent);
    const QImage drawn = window_->draw(extent.size());
    return extent == whole ? drawn : drawn.copy(whole.translated(-extent.topLeft()));
}

} // namespace

std::unique_ptr<CloudRenderer> makeVtkRenderer() {
    auto window = VtkWindow::make();
    return window != nullptr ? std::make_unique<VtkCloudRenderer>(std::move(window)) : nullptr;
}

} // namespace vitreous
