#include "core/points/cloud_builder.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vitreous {
namespace {

constexpr std::size_t kFirst = 4096;   // points that settle the origin
constexpr double kFar = 1e4;           // from 0, in the file's units
constexpr double kFarOfExtent = 100.0; // from 0, in extents of the points
constexpr double kLargest = 1e37;      // float32 ends at 3.4e38
constexpr double kMostVertices = 4294967295.0;

bool isUsable(const std::array<double, 3>& position) {
    return std::all_of(position.begin(), position.end(), [](double value) {
        return std::abs(value) <= kLargest; // false for NaN
    });
}

} // namespace

CloudBuilder::CloudBuilder(const ByteSource& source, const CloudOptions& options)
    : source_(source), options_(options) {}

void CloudBuilder::reserve(std::uint64_t points, bool has_colors) {
    cloud_.positions.reserve(std::size_t(points) * 3);
    if (has_colors) {
        cloud_.colors.reserve(std::size_t(points) * 3);
    }
}

void CloudBuilder::add(const std::array<double, 3>& position, const Rgb& color) {
    if (addPosition(position)) {
        cloud_.colors.insert(cloud_.colors.end(), color.begin(), color.end());
    }
}

void CloudBuilder::forgetColors() {
    cloud_.colors = {};
}

bool CloudBuilder::addPosition(const std::array<double, 3>& position) {
    ++count_;
    if (!isUsable(position)) {
        ++cloud_.dropped;
        if (!wantsFaces()) {
            return false;
        }
        // The faces count all vertices, so that one that is left out keeps its place.
        settleOrigin();
        cloud_.positions.insert(cloud_.positions.end(), 3, std::numeric_limits<float>::quiet_NaN());
        return true;
    }
    if (is_settled_) {
        append(position);
        return true;
    }
    first_.push_back(position);
    if (first_.size() == kFirst) {
        settleOrigin();
    }
    return true;
}

void CloudBuilder::append(const std::array<double, 3>& position) {
    for (std::size_t i = 0; i < 3; ++i) {
        cloud_.positions.push_back(static_cast<float>(position[i] - cloud_.origin[i]));
    }
}

void CloudBuilder::settleOrigin() {
    if (is_settled_ || first_.empty()) {
        return;
    }
    std::array<double, 3> mean{};
    std::array<double, 3> low = first_.front();
    std::array<double, 3> high = low;
    for (const auto& position : first_) {
        for (std::size_t i = 0; i < 3; ++i) {
            mean[i] += position[i] / double(first_.size());
            low[i] = std::min(low[i], position[i]);
            high[i] = std::max(high[i], position[i]);
        }
    }
    double distance = 0.0;
    double extent = 0.0;
    for (std::size_t i = 0; i < 3; ++i) {
        distance = std::max(distance, std::abs(mean[i]));
        extent = std::max(extent, high[i] - low[i]);
    }
    if (distance > kFar && distance > kFarOfExtent * extent) {
        for (std::size_t i = 0; i < 3; ++i) {
            cloud_.origin[i] = std::round(mean[i]);
        }
    }
    is_settled_ = true;
    for (const auto& position : first_) {
        append(position);
    }
    first_ = {};
}

PointCloud CloudBuilder::finish() {
    settleOrigin();
    if (count_ == cloud_.dropped) {
        source_.refuse(
            count_ == 0 ? "no points, expected at least one"
                        : "all " + std::to_string(count_) +
                              " points have coordinates that are NaN or infinite");
    }
    if (wantsFaces()) {
        if (triangles_.empty()) {
            source_.refuse("no faces to spread points over, expected a mesh");
        }
        for (const Triangle& triangle : triangles_) {
            const std::uint32_t last = *std::max_element(triangle.begin(), triangle.end());
            if (last >= cloud_.size()) {
                source_.refuse(
                    "a face has vertex " + std::to_string(last) + ", expected one of " +
                    std::to_string(cloud_.size()));
            }
        }
        PointCloud spread = sampleFaces(cloud_, triangles_, options_.face_points);
        if (spread.positions.empty()) {
            source_.refuse("the faces have no area to spread points over");
        }
        return spread;
    }
    if (cloud_.positions.capacity() > cloud_.positions.size() / 4 * 5) {
        cloud_.positions.shrink_to_fit();
        cloud_.colors.shrink_to_fit();
    }
    return std::move(cloud_);
}

void PolygonFan::add(double corner) {
    if (!(corner >= 0.0 && corner < kMostVertices) || corner != std::floor(corner)) {
        source_.refuse("a face has a corner that cannot be the number of a vertex");
    }
    const auto index = static_cast<std::uint32_t>(corner);
    if (corners_ >= 2) {
        fan_[2] = index;
        builder_.addTriangle(fan_);
        fan_[1] = index;
        return;
    }
    fan_[std::size_t(corners_)] = index;
    ++corners_;
}

} // namespace vitreous
