#pragma once

#include <vector>

#include "widgets/grid_scene.h"
#include "widgets/map_window.h"

namespace vitreous {

/// The places in the range (0..1, below 0 where there is no finite value) of one map's pixels, a
/// row at a time.
class PlaceRows {
public:
    PlaceRows(const GridCell& cell, Sampling sampling, const MapWindow& window);

    /// True where a row has the places of the row before it.
    [[nodiscard]] bool isRepeated(std::size_t y) const;
    /// The places of a row's pixels, until the next call.
    const std::vector<float>& at(std::size_t y);

private:
    /// Where a pixel's centre falls between two token centres of one axis.
    struct Between {
        std::size_t first = 0;
        std::size_t second = 0;
        float weight = 0.0F; ///< of the second
        std::size_t nearest = 0;
    };

    static std::vector<Between> placesAlong(int pixels, int offset, int whole, int tokens);
    [[nodiscard]] const float* valuesOf(std::size_t row) const;
    void toRange(std::vector<float>& values) const;
    void setNearest(const float* values);
    void setBilinear(const Between& down);
    void divideByWeights();
    void dropWhatIsNotFinite(const float* values);

    const GridCell& cell_;
    Sampling sampling_;
    float low_;       ///< half of the range's low end
    float half_span_; ///< because the span of two floats may not be a float
    std::size_t columns_;
    std::vector<Between> across_;
    std::vector<Between> down_;
    std::vector<float> sums_;    ///< by column of tokens: of the finite values around the row
    std::vector<float> weights_; ///< that they have
    std::vector<float> row_;
    bool is_finite_; ///< all values are
};

} // namespace vitreous
