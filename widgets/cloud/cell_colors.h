#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <QRgb>

#include "widgets/cloud/cloud_renderer.h"
#include "widgets/cloud/cloud_surface.h"

namespace vitreous {

/// The weights of the points that are seen, side by side as a cell's colours need them.
struct SeenWeights {
    std::vector<std::array<std::uint16_t, nearest_groups>> groups;
    std::vector<std::array<std::uint16_t, nearest_groups>> shares;

    void gather(const GroupWeights& weights, const SeenPixels& points, std::size_t threads);
};

/// What the values of one cell make of the pixels that show something.
class CellColors {
public:
    CellColors(const CloudCell& cell, const CloudLook& look);

    /// Pixels first .. last - 1 of the surface's points into a row of the view. weights: null where
    /// the cell has none.
    void paintPoints(
        const CloudSurface& surface,
        const SeenWeights* weights,
        std::size_t first,
        std::size_t last,
        QRgb* row) const;
    /// The same of its group centres.
    void paintSpheres(const SeenPixels& spheres, std::size_t first, std::size_t last, QRgb* row)
        const;

private:
    /// A colour over a point's own: so much of the own, and this added.
    struct Ink {
        float kept = 1.0F;
        std::array<float, 3> added{};
    };
    [[nodiscard]] std::size_t entryOf(float place) const;
    /// Calls paint(i, entry) for the points first .. last - 1.
    template <typename Paint>
    void forEntries(
        const SeenWeights* weights,
        std::size_t first,
        std::size_t last,
        const Paint& paint) const;
    static QRgb over(QRgb own, const Ink& ink);

    static constexpr std::size_t own_alone = 256; ///< behind the entries of the colour map
    static constexpr std::size_t no_value = 257;
    static constexpr std::size_t entries = 258;

    bool is_raw_;
    float threshold_;
    QRgb plain_;
    std::array<Ink, entries> inks_;
    std::array<QRgb, entries> on_plain_{};   ///< the inks over a point without a colour of its own
    bool is_finite_ = true;                  ///< all of the values
    std::vector<float> places_;              ///< of the groups' values in the range; 0 for none
    std::vector<float> counts_;              ///< 1 for a value, 0 for none
    std::vector<std::uint16_t> raw_entries_; ///< one a group
    std::vector<QRgb> sphere_colors_;        ///< one a group
};

} // namespace vitreous
