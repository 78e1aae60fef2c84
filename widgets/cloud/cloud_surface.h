#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <QRgb>
#include <QSize>

#include "widgets/cloud/center_spheres.h"
#include "widgets/cloud/cloud_renderer.h"
#include "widgets/cloud/eye_dome.h"
#include "widgets/cloud/relief.h"

namespace vitreous {

/// The pixels of a view that show something, row by row from the left.
struct SeenPixels {
    std::vector<std::size_t> starts; ///< each row's first one, and the end
    std::vector<std::uint32_t> columns;
    std::vector<std::uint32_t> numbers; ///< of the point or of the group
    std::vector<std::uint8_t> shades;   ///< what its colour is multiplied by, in parts of 255
};

/// A view as it is before values colour it, which is the same for all cells that show a cloud at a
/// size. Memory is kept from one call to the next.
class CloudSurface {
public:
    struct View {
        CloudCamera camera;
        QSize size;
        CloudShading shading = CloudShading::None;
        double disc = 1.0; ///< diameter in pixels
        QRgb ground = 0;
    };
    /// keys: the points that are seen. centers: whose group centres are spheres; null: none.
    void build(
        std::span<const SeenKey> keys,
        const PointCloud& cloud,
        const GroupWeights* centers,
        const View& view,
        std::size_t threads);

    [[nodiscard]] const SeenPixels& points() const { return points_; }
    /// Of the group centres.
    [[nodiscard]] const SeenPixels& spheres() const { return spheres_; }
    /// The points' own colours; empty where the cloud has none.
    [[nodiscard]] std::span<const QRgb> ownColors() const { return own_; }
    /// What is behind, one row of the view.
    [[nodiscard]] std::span<const QRgb> ground(int row) const;

private:
    void setStarts(std::span<const SeenKey> keys, std::uint32_t points, std::size_t threads);
    void fillRow(std::span<const SeenKey> keys, const PointCloud& cloud, const View& view, int row);

    QSize size_;
    std::vector<SeenKey> covered_; ///< keys with the spheres among them
    std::optional<CenterSpheres> centers_;
    EyeDome dome_;
    SeenPixels points_;
    SeenPixels spheres_;
    std::vector<QRgb> own_;
    std::vector<QRgb> ground_;
};

/// A colour multiplied by a shade in parts of 255, rounded.
inline QRgb shaded(QRgb color, std::uint32_t shade) {
    constexpr std::uint32_t odd = 0x00ff00ffU;
    std::uint32_t red_blue = (color & odd) * shade + 0x00800080U;
    std::uint32_t green = (color >> 8U & 0xffU) * shade + 0x80U;
    red_blue = (red_blue + (red_blue >> 8U & odd)) >> 8U & odd;
    green = (green + (green >> 8U)) >> 8U;
    return 0xff000000U | red_blue | green << 8U;
}

} // namespace vitreous
