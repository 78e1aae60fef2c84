#include "widgets/cloud/eye_dome.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "widgets/cloud/parallel_jobs.h"

namespace vitreous {
namespace {

/// Farther than anything in pixels.
constexpr float far_away = 1e30F;
constexpr int rows_a_job = 32;

/// (1 - x / 256) ^ 256: close to exp(-x) for the few units that shades need.
float expOfMinus(float x) {
    const float part = 1.0F - x * (1.0F / 256.0F);
    const float part_2 = part * part;
    const float part_4 = part_2 * part_2;
    const float part_8 = part_4 * part_4;
    const float part_16 = part_8 * part_8;
    const float part_32 = part_16 * part_16;
    const float part_64 = part_32 * part_32;
    const float part_128 = part_64 * part_64;
    return part_128 * part_128;
}

} // namespace

void EyeDome::shade(
    std::span<const SeenKey> keys,
    QSize size,
    const CloudCamera& camera,
    double disc,
    std::size_t threads) {
    const double reach =
        std::max({1.0, size.height() * eye_dome::reach_of_view, disc * eye_dome::reach_of_disc});
    size_ = size;
    setNeighbours(std::min(reach, eye_dome::most_reach));
    outline_ = std::clamp(int(std::lround(size.height() * eye_dome::outline_of_view)), 1, margin_);
    const float pixels_a_unit = 1.0F / Relief(camera, size).unitsAPixel();
    depths_.resize(std::size_t(stride_) * std::size_t(size.height() + 2 * margin_));
    shades_.resize(keys.size());
    const int rows = size.height() + 2 * margin_;
    const auto bands = [](int count) { return std::size_t((count + rows_a_job - 1) / rows_a_job); };
    runJobs(threads, bands(rows), [&](std::size_t band) {
        const int first = int(band) * rows_a_job;
        for (int row = first; row < std::min(first + rows_a_job, rows); ++row) {
            setDepths(keys, pixels_a_unit, row - margin_);
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
    for (int i = 0; i < eye_dome::neighbours; ++i) {
        const double angle = 2.0 * std::numbers::pi * i / eye_dome::neighbours;
        const auto x = std::lround(reach * std::cos(angle));
        const auto y = std::lround(reach * std::sin(angle));
        neighbours_.push_back(
            {y * stride_ + x, static_cast<float>(1.0 / std::hypot(double(x), double(y)))});
    }
}

void EyeDome::setDepths(std::span<const SeenKey> keys, float pixels_a_unit, int row) {
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
    constexpr auto nothing = static_cast<std::int32_t>(nothing_seen >> 32U);
    for (int x = 0; x < width; ++x) {
        const auto units = static_cast<std::int32_t>(unitsOf(from[x]));
        const float pixels = static_cast<float>(units) * pixels_a_unit;
        own[x] = units == nothing ? far_away : pixels;
    }
}

void EyeDome::shadeRow(int row) {
    const int width = size_.width();
    const float* const own = depths_.data() + (row + margin_) * stride_ + margin_;
    std::uint8_t* const shades = shades_.data() + std::ptrdiff_t(row) * width;
    // Pieces that stay in a core's first cache, and loops that the compiler makes vectors of.
    constexpr int piece = 256;
    std::array<float, piece> shade{};
    for (int start = 0; start < width; start += piece) {
        const int count = std::min(piece, width - start);
        shadePoints(own + start, count, shade.data());
        shadeGround(own + start, count, shade.data());
        for (int x = 0; x < count; ++x) {
            // A shade is not negative, and std::lround is a call a pixel.
            // NOLINTNEXTLINE(bugprone-incorrect-roundings)
            const auto part = static_cast<std::int32_t>(shade[std::size_t(x)] * 255.0F + 0.5F);
            shades[start + x] = static_cast<std::uint8_t>(part);
        }
    }
}

void EyeDome::shadePoints(const float* depths, int count, float* shade) const {
    std::fill_n(shade, count, 0.0F);
    for (const Neighbour& neighbour : neighbours_) {
        const float* const other = depths + neighbour.offset;
        const float nearness = neighbour.nearness;
        for (int x = 0; x < count; ++x) {
            const float slope = (depths[x] - other[x]) * nearness;
            shade[x] += std::min(std::max(slope, 0.0F), eye_dome::steepest);
        }
    }
    for (int x = 0; x < count; ++x) {
        shade[x] = expOfMinus(shade[x] * (eye_dome::strength / float(eye_dome::neighbours)));
    }
}

void EyeDome::shadeGround(const float* depths, int count, float* shade) const {
    const float* const left = depths - outline_;
    const float* const right = depths + outline_;
    const float* const above = depths - outline_ * stride_;
    const float* const below = depths + outline_ * stride_;
    for (int x = 0; x < count; ++x) {
        const float beside = std::min(left[x], right[x]);
        const float nearest = std::min(beside, std::min(above[x], below[x]));
        const float outline = nearest < far_away ? 1.0F - eye_dome::outline_darkness : 1.0F;
        const float lit = shade[x];
        shade[x] = depths[x] < far_away ? lit : outline;
    }
}

} // namespace vitreous
