#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <QSize>

#include "widgets/cloud/cloud_camera.h"
#include "widgets/cloud/relief.h"

namespace vitreous {

/// How eye-dome lighting is tuned, with depths in pixels.
namespace eye_dome {

inline constexpr float strength = 0.8F;
/// No neighbour counts for more than such a slope, so that edges in depth are no black lines.
inline constexpr float steepest = 1.6F;
/// How many neighbours count, on a circle.
inline constexpr int neighbours = 8;
/// How far they are: the largest of a pixel, a part of the view's height and one of a disc's
/// diameter.
inline constexpr double reach_of_view = 1.0 / 400.0;
inline constexpr double reach_of_disc = 0.5;
inline constexpr double most_reach = 16.0;
/// How dark the ground is beside the points, and how wide in parts of the view's height.
inline constexpr float outline_darkness = 0.2F;
inline constexpr double outline_of_view = 1.0 / 400.0;

} // namespace eye_dome

/// Eye-dome lighting: a pixel is the darker the more its neighbours are nearer to the camera, from
/// the depths alone. Source: C. Boucheny, "Visualisation scientifique de grands volumes de
/// donnees", 2009, chapter 4: exp(-strength * mean of max(0, log2(depth) - log2(neighbour's
/// depth))). Depths are taken in pixels, so that a slope is as dark in a small view as in a large
/// one. Memory is kept from one call to the next.
class EyeDome {
public:
    /// keys: row by row. disc: the points' diameter in pixels, which depth has its steps of.
    void shade(
        std::span<const SeenKey> keys,
        QSize size,
        const CloudCamera& camera,
        double disc,
        std::size_t threads);

    /// What the colours are multiplied by, in parts of 255, row by row. Where nothing is seen: of
    /// the ground, which has a faint outline around the points.
    [[nodiscard]] std::span<const std::uint8_t> shades() const { return shades_; }

private:
    struct Neighbour {
        std::ptrdiff_t offset; ///< in depths_
        float nearness;        ///< 1 / distance in pixels
    };
    void setNeighbours(double reach);
    void setDepths(std::span<const SeenKey> keys, float pixels_a_unit, int row);
    void shadeRow(int row);
    void shadePoints(const float* depths, int count, float* shade) const;
    void shadeGround(const float* depths, int count, float* shade) const;

    QSize size_;
    int margin_ = 0;
    int outline_ = 1; ///< on the ground, in pixels
    std::ptrdiff_t stride_ = 0;
    std::vector<Neighbour> neighbours_;
    std::vector<float> depths_; ///< in pixels, with a margin; far where nothing is seen
    std::vector<std::uint8_t> shades_;
};

} // namespace vitreous
