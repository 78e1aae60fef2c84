#include "widgets/cloud/cloud_layer.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace vitreous {
namespace {

/// A frame's phase with fewer pixels is over before another thread has started.
constexpr int pixels_worth_a_thread = 1 << 16;
/// So many discs over each pixel of the cloud's outline leave no holes in its surface.
constexpr double closed_cover = 8.0;
constexpr double most_growth = 3.0;

/// How many times as large the discs of every step-th point are, so that fewer of them cover what
/// all of them cover.
double growthOf(const CloudCell& cell, const CloudLook& look, std::size_t step) {
    if (step == 1) {
        return 1.0;
    }
    const CloudProjection projection(look.camera, cell.rect.size());
    const double radius = projection.scaleAt(look.camera.distance);
    const double size = std::max(look.point_size, 1.0);
    // Parts of pi are on both sides.
    const double cover = double(cell.shape->cloud->size()) * size * size / 4.0 / (radius * radius);
    const double growth = std::sqrt(std::min(cover, closed_cover) * double(step) / cover);
    return std::clamp(growth, 1.0, most_growth);
}

template <typename Value>
bool isSame(const std::weak_ptr<Value>& known, const std::shared_ptr<Value>& asked) {
    return asked != nullptr && known.lock() == asked;
}

/// The valid one that is asked for; else one to be made, of those that nothing needs if there are.
template <typename One, typename Is>
One& keptOr(std::vector<std::unique_ptr<One>>& kept, const Is& is) {
    auto found = std::find_if(
        kept.begin(), kept.end(), [&is](const auto& one) { return one->is_valid && is(*one); });
    if (found == kept.end()) {
        found = std::find_if(kept.begin(), kept.end(), [](const auto& one) {
            return !one->is_used && !one->is_valid;
        });
    }
    if (found == kept.end()) {
        found = kept.insert(kept.end(), std::make_unique<One>());
    }
    (*found)->is_used = true;
    return **found;
}

std::size_t worthThreads(QSize size, std::size_t threads) {
    return size.width() * size.height() < pixels_worth_a_thread ? 1 : threads;
}

} // namespace

bool CloudLayer::isOf(const CloudCell& cell) const {
    return isSame(shape_, cell.shape) && view_.size == cell.rect.size();
}

CloudLayer::Ground
CloudLayer::prepare(const CloudCell& cell, const CloudFrame& frame, std::size_t threads) {
    if (!is_used_) {
        project(cell, frame, threads);
    }
    Lit& lit = light(cell, frame.look, threads);
    if (cell.weights == nullptr) {
        return {&lit.surface, nullptr};
    }
    Weighted& weighted = keptOr(
        lit.weighted, [&cell](const Weighted& one) { return isSame(one.source, cell.weights); });
    if (!weighted.is_valid) {
        weighted.source = cell.weights;
        weighted.weights.gather(
            *cell.weights, lit.surface.points(), worthThreads(view_.size, threads));
        weighted.is_valid = true;
    }
    return {&lit.surface, &weighted.weights};
}

void CloudLayer::project(const CloudCell& cell, const CloudFrame& frame, std::size_t threads) {
    const CloudLook& look = frame.look;
    const std::size_t step = stepOver(cell.shape->cloud->size(), frame.most_points);
    const View view{
        cell.rect.size(), look.camera, look.point_size * growthOf(cell, look, step), step};
    is_used_ = true;
    if (isSame(shape_, cell.shape) && view_ == view) {
        return;
    }
    shape_ = cell.shape;
    view_ = view;
    for (const auto& lit : lit_) {
        lit->is_valid = false;
    }
    points_.project(*cell.shape, view.camera, view.size, step, discOf(view.disc), threads);
}

CloudLayer::Lit&
CloudLayer::light(const CloudCell& cell, const CloudLook& look, std::size_t threads) {
    const bool has_centers = look.shows_centers && cell.weights != nullptr;
    Lit& lit = keptOr(lit_, [&](const Lit& one) {
        return one.has_centers == has_centers && one.shading == look.shading &&
               one.ground == look.ground && (!has_centers || isSame(one.centers, cell.weights));
    });
    if (lit.is_valid) {
        return lit;
    }
    lit.has_centers = has_centers;
    lit.shading = look.shading;
    lit.ground = look.ground;
    lit.centers = cell.weights;
    lit.surface.build(
        points_.keys(), *cell.shape->cloud, has_centers ? cell.weights.get() : nullptr,
        {view_.camera, view_.size, look.shading, view_.disc, look.ground},
        worthThreads(view_.size, threads));
    lit.is_valid = true;
    for (const auto& weighted : lit.weighted) {
        weighted->is_valid = false;
    }
    return lit;
}

void CloudLayer::end() {
    std::erase_if(lit_, [](const auto& lit) { return !std::exchange(lit->is_used, false); });
    for (const auto& lit : lit_) {
        std::erase_if(lit->weighted, [](const auto& weighted) {
            return !std::exchange(weighted->is_used, false);
        });
    }
}

} // namespace vitreous
