#include "widgets/cloud/center_spheres.h"

#include <algorithm>
#include <cmath>

namespace vitreous {
namespace {

/// In pixels, so that one far away is still seen.
constexpr double least_radius = 1.5;

} // namespace

CenterSpheres::CenterSpheres(const GroupWeights& weights, const CloudCamera& camera, QSize size)
    : size_(size), relief_(camera, size) {
    const CloudProjection projection(camera, size);
    const std::vector<float>& centers = weights.centers.values;
    for (std::size_t i = 0; i + 2 < centers.size(); i += 3) {
        const auto place = projection.place({centers[i], centers[i + 1], centers[i + 2]});
        // One that the camera is in has no outline.
        if (place && place->depth > center_radius + least_depth) {
            const double radius = center_radius * projection.scaleAt(place->depth);
            spheres_.push_back({*place, std::max(radius, least_radius)});
        } else {
            spheres_.push_back({});
        }
    }
}

void CenterSpheres::cover(std::span<SeenKey> keys, std::uint32_t first) const {
    for (std::size_t group = 0; group < spheres_.size(); ++group) {
        if (spheres_[group].radius > 0.0) {
            coverOne(keys, spheres_[group], first + std::uint32_t(group));
        }
    }
}

void CenterSpheres::coverOne(std::span<SeenKey> keys, const Sphere& sphere, std::uint32_t number)
    const {
    const double radius = sphere.radius;
    // The pixels whose middles lie within so much of a place.
    const auto from = [radius](double place) {
        return int(std::ceil(std::max(place - radius - 0.5, 0.0)));
    };
    const auto to = [radius](double place, int pixels) {
        return int(std::floor(std::min(place + radius - 0.5, pixels - 1.0)));
    };
    const QPointF middle = sphere.place.pixel;
    for (int y = from(middle.y()); y <= to(middle.y(), size_.height()); ++y) {
        for (int x = from(middle.x()); x <= to(middle.x(), size_.width()); ++x) {
            const double part = nearness(sphere, x, y);
            if (part >= 0.0) {
                const double depth = sphere.place.depth - center_radius * part;
                SeenKey& key = keys[std::size_t(y) * std::size_t(size_.width()) + std::size_t(x)];
                key = std::min(key, seenKey(relief_.units(depth), number));
            }
        }
    }
}

double CenterSpheres::nearness(const Sphere& sphere, int x, int y) {
    const double across = (x + 0.5 - sphere.place.pixel.x()) / sphere.radius;
    const double down = (y + 0.5 - sphere.place.pixel.y()) / sphere.radius;
    const double away = across * across + down * down;
    return away < 1.0 ? std::sqrt(1.0 - away) : -1.0;
}

std::uint8_t CenterSpheres::light(std::uint32_t group, int x, int y) const {
    const double facing = std::max(nearness(spheres_[group], x, y), 0.0);
    return std::uint8_t(
        std::lround(255.0 * (center_least_light + (1.0 - center_least_light) * facing)));
}

} // namespace vitreous
