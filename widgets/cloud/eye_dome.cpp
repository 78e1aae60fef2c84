#include "widgets/cloud/eye_dome.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "widgets/cloud/parallel_jobs.h"

namespace vitreous {
namespace {

constexpr float strength = 1.0F;
/// No neighbour counts for more than such a slope, so that edges in depth are no black lines.
constexpr float steepest = 4.0F;
/// Of the outline on the ground.
constexpr float ground_strength = 0.12F;
/// How far the neighbours are: a part of the view's height, of a disc's diameter, in pixels.
constexpr double reach_of_view = 1.0 / 400.0;
constexpr double reach_of_disc = 0.5;
constexpr double most_reach = 16.0;
/// Farther than anything in pixels.
constexpr float far_away = 1e30F;
constexpr int neighbour_count = 8;
constexpr int rows_a_job = 32;

/// By its series in (m - 1) / (m + 1), m in 1..2: exact to 2e-6, which std::log2 is too slow for.
float log2Of(float value) {
    constexpr std::uint32_t mantissa = 0x7fffffU;
    constexpr std::uint32_t one = 0x3f800000U;
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const float exponent = static_cast<float>(static_cast<int>(bits >> 23U) - 127);
    const float m = std::bit_cast<float>((bits & mantissa) | one);
    const float s = (m - 1.0F) / (m + 1.0F);
    const float q = s * s;
    constexpr float factor = 2.0F * std::numbers::log2e_v<float>;
    const float series =
        1.0F + q * (1.0F / 3.0F + q * (1.0F / 5.0F + q * (1.0F / 7.0F + q * (1.0F / 9.0F))));
    return exponent + factor * s * series;
}

/// (1 - x / 256) ^ 256: close to exp(-x) for the few units that shades need.
float expOfMinus(float x) {
    float power = std::max(1.0F - x * (1.0F / 256.0F), 0.0F);
    for (int i = 0; i < 8; ++i) {
        power *= power;
    }
    return power;
}

} // namespace

void EyeDome::shade(
    std::span<const SeenKey> keys,
    QSize size,
    const CloudCamera& camera,
    double disc,
    std::size_t threads) {
    const double reach = std::max({1.0, size.height() * reach_of_view, disc * reach_of_disc});
    size_ = size;
    setNeighbours(std::min(reach, most_reach));
    const bool is_perspective = camera.projection == Projection::Perspective;
    const double scale = CloudProjection(camera, size).scaleAt(1.0);
    stride_ = size.width() + 2 * margin_;
    depths_.resize(std::size_t(stride_) * std::size_t(size.height() + 2 * margin_));
    shades_.resize(keys.size());
    const int rows = size.height() + 2 * margin_;
    const auto bands = [](int count) { return std::size_t((count + rows_a_job - 1) / rows_a_job); };
    runJobs(threads, bands(rows), [&](std::size_t band) {
        const int first = int(band) * rows_a_job;
        for (int row = first; row < std::min(first + rows_a_job, rows); ++row) {
            setDepths(keys, is_perspective, static_cast<float>(scale), row - margin_);
        }
    });
    runJobs(threads, bands(size.height()), [&](std::size_t band) {
        const int first = int(band) * rows_a_job;
        for (int row = first; row < std::min(first + rows_a_job, size_.height()); ++row) {
            shadeRow(row);
        }
    });
}

void EyeDome::setNeighbours(double reach) {
    margin_ = int(std::lround(reach));
    stride_ = size_.width() + 2 * margin_;
    neighbours_.clear();
    for (int i = 0; i < neighbour_count; ++i) {
        const double angle = 2.0 * std::numbers::pi * i / neighbour_count;
        const auto x = std::lround(reach * std::cos(angle));
        const auto y = std::lround(reach * std::sin(angle));
        neighbours_.push_back(
            {y * stride_ + x, static_cast<float>(1.0 / std::hypot(double(x), double(y)))});
    }
}

void EyeDome::setDepths(std::span<const SeenKey> keys, bool is_perspective, float scale, int row) {
    float* const depths = depths_.data() + (row + margin_) * stride_;
    const int width = size_.width();
    if (row < 0 || row >= size_.height()) {
        std::fill_n(depths, stride_, far_away);
        return;
    }
    std::fill_n(depths, margin_, far_away);
    std::fill_n(depths + margin_ + width, margin_, far_away);
    const SeenKey* const from = keys.data() + std::ptrdiff_t(row) * width;
    float* const own = depths + margin_;
    // At depth d a pixel is d / scale wide: this goes up by one where the depth does by as much.
    const float factor = scale * std::numbers::ln2_v<float>;
    for (int x = 0; x < width; ++x) {
        const float depth = depthOf(from[x]);
        const float pixels = is_perspective ? factor * log2Of(depth) : scale * depth;
        own[x] = from[x] == nothing_seen ? far_away : pixels;
    }
}

void EyeDome::shadeRow(int row) {
    const int width = size_.width();
    const float* const own = depths_.data() + (row + margin_) * stride_ + margin_;
    std::uint8_t* const shades = shades_.data() + std::ptrdiff_t(row) * width;
    constexpr int piece = 256;
    float slopes[piece];
    for (int start = 0; start < width; start += piece) {
        const int count = std::min(piece, width - start);
        std::fill_n(slopes, count, 0.0F);
        const float* const depths = own + start;
        for (const Neighbour& neighbour : neighbours_) {
            const float* const other = depths + neighbour.offset;
            const float nearness = neighbour.nearness;
            for (int x = 0; x < count; ++x) {
                const float slope = (depths[x] - other[x]) * nearness;
                slopes[x] += std::min(std::max(slope, 0.0F), steepest);
            }
        }
        for (int x = 0; x < count; ++x) {
            const float factor = depths[x] < far_away ? strength : ground_strength;
            const float shade = expOfMinus(slopes[x] * (factor / float(neighbour_count)));
            shades[start + x] = static_cast<std::uint8_t>(static_cast<int>(shade * 255.0F + 0.5F));
        }
    }
}

} // namespace vitreous
