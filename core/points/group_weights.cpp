#include "core/points/group_weights.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <thread>

#include "core/base/error.h"

namespace vitreous {
namespace {

constexpr std::size_t most_groups = 65536;
constexpr float whole_share = 65535.0F;
constexpr std::size_t block_points = 16384;

/// The nearest centres so far, nearest first.
struct Nearest {
    std::array<float, nearest_groups> squared;
    std::array<std::uint32_t, nearest_groups> groups{};

    Nearest() { squared.fill(std::numeric_limits<float>::infinity()); }

    void add(float distance, std::uint32_t group) {
        if (!(distance < squared.back())) { // NaN too
            return;
        }
        std::size_t place = nearest_groups - 1;
        for (; place > 0 && distance < squared[place - 1]; --place) {
            squared[place] = squared[place - 1];
            groups[place] = groups[place - 1];
        }
        squared[place] = distance;
        groups[place] = group;
    }
};

/// In parts of 65535, which is exactly their sum.
std::array<std::uint16_t, nearest_groups> quantized(
    const std::array<float, nearest_groups>& shares) {
    std::array<std::uint16_t, nearest_groups> parts{};
    int left = static_cast<int>(whole_share);
    for (std::size_t i = nearest_groups - 1; i > 0; --i) {
        parts[i] = static_cast<std::uint16_t>(std::lround(shares[i] * whole_share));
        left -= parts[i];
    }
    parts[0] = static_cast<std::uint16_t>(std::max(left, 0));
    return parts;
}

void weighBlock(
    const PointCloud& cloud,
    const UnitSphere& sphere,
    std::size_t first,
    GroupWeights& weights) {
    const std::size_t last = std::min(first + block_points, cloud.size());
    for (std::size_t point = first; point < last; ++point) {
        const PointShares shares =
            sharesAt(placedIn(sphere, &cloud.positions[3 * point]), weights.centers.values);
        for (std::size_t i = 0; i < nearest_groups; ++i) {
            weights.groups[point][i] = static_cast<std::uint16_t>(shares.groups[i]);
        }
        weights.shares[point] = quantized(shares.shares);
    }
}

} // namespace

std::string_view name(GroupValues values) {
    return values == GroupValues::Weighted ? "weighted" : "raw";
}

PointShares sharesAt(const std::array<float, 3>& point, std::span<const float> centers) {
    Nearest nearest;
    const std::size_t groups = centers.size() / 3;
    for (std::size_t group = 0; group < groups; ++group) {
        const float x = point[0] - centers[3 * group];
        const float y = point[1] - centers[3 * group + 1];
        const float z = point[2] - centers[3 * group + 2];
        nearest.add(x * x + y * y + z * z, static_cast<std::uint32_t>(group));
    }
    PointShares found;
    found.groups = nearest.groups;
    constexpr float at_centre = 1e-12F;
    if (!(nearest.squared[0] > at_centre)) {
        found.shares[0] = 1.0F;
        return found;
    }
    const std::size_t used = std::min(groups, nearest_groups);
    float sum = 0.0F;
    for (std::size_t i = 0; i < used; ++i) {
        found.shares[i] = 1.0F / std::sqrt(nearest.squared[i]);
        sum += found.shares[i];
    }
    if (!(sum > 0.0F)) { // beyond any distance that float32 holds
        found.shares = {1.0F, 0.0F, 0.0F};
        return found;
    }
    for (float& share : found.shares) {
        share /= sum;
    }
    return found;
}

float valueAt(const PointShares& point, std::span<const float> values) {
    float sum = 0.0F;
    float weight = 0.0F;
    for (std::size_t i = 0; i < nearest_groups; ++i) {
        const float value = values[point.groups[i]];
        if (point.shares[i] > 0.0F && std::isfinite(value)) {
            sum += point.shares[i] * value;
            weight += point.shares[i];
        }
    }
    return weight > 0.0F ? sum / weight : std::numeric_limits<float>::quiet_NaN();
}

std::size_t GroupWeights::bytes() const {
    return groups.size() * sizeof(groups[0]) + shares.size() * sizeof(shares[0]) +
           centers.values.size() * sizeof(float);
}

GroupWeights weighGroups(
    const PointCloud& cloud,
    const UnitSphere& sphere,
    const Array& centers,
    const Task& task) {
    GroupWeights weights;
    weights.centers = centers;
    const std::size_t groups = weights.groupCount();
    if (groups == 0 || groups > most_groups) {
        throw Error(
            ErrorCode::Input, "expected 1 to " + std::to_string(most_groups) +
                                  " group centres, found " + std::to_string(groups));
    }
    weights.groups.resize(cloud.size());
    weights.shares.resize(cloud.size());
    const std::size_t blocks = (cloud.size() + block_points - 1) / block_points;
    std::atomic<std::size_t> next{0};
    const auto work = [&](const Task& told) {
        for (std::size_t i = next++; i < blocks && !task.stop.stop_requested(); i = next++) {
            weighBlock(cloud, sphere, i * block_points, weights);
            told.report(double(i + 1) / double(blocks), "weighing groups");
        }
    };
    {
        constexpr std::size_t most_threads = 8;
        const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
        std::vector<std::jthread> helpers;
        helpers.reserve(most_threads);
        for (std::size_t i = 1; i < std::min({cores, blocks, most_threads}); ++i) {
            helpers.emplace_back(work, Task{});
        }
        work(task);
    }
    task.checkStop();
    task.report(1.0, "weighing groups");
    return weights;
}

} // namespace vitreous
