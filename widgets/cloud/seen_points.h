#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <QSize>

#include "widgets/cloud/cloud_renderer.h"
#include "widgets/cloud/disc.h"
#include "widgets/cloud/point_transform.h"
#include "widgets/cloud/relief.h"

namespace vitreous {

/// Which point of a cloud is seen at each pixel of a view. Its memory is kept from one call to the
/// next.
class SeenPoints {
public:
    /// The first of every `step` points, each as a disc.
    void project(
        const CloudShape& shape,
        const CloudCamera& camera,
        QSize size,
        std::size_t step,
        const Disc& disc,
        std::size_t threads);

    /// A pixel's point by its number in the cloud, row by row.
    [[nodiscard]] std::span<const SeenKey> keys() const { return keys_; }

private:
    template <bool IsPerspective>
    void addBlock(
        const CloudShape& shape,
        const PointTransform& transform,
        const Relief& relief,
        std::size_t first,
        std::size_t step,
        std::size_t count,
        bool is_shared);
    void clear(std::size_t threads);
    void spread(const Disc& disc, float units_a_pixel, int first_row, int last_row);

    QSize size_;
    /// The pixels that the discs' middles lie in, with a margin as wide as a disc reaches.
    std::vector<SeenKey> middles_;
    QSize padded_;
    float middle_x_ = 0.0F; ///< where the line of sight is, in the padded pixels
    float middle_y_ = 0.0F;
    std::vector<SeenKey> keys_;
};

} // namespace vitreous
