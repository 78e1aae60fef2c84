#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace vitreous {

/// A set of points in space, in the order of its file.
struct PointCloud {
    std::vector<float> positions;     ///< (points, 3): x, y, z, less the origin
    std::vector<std::uint8_t> colors; ///< (points, 3): R, G, B; empty where the file has none
    /// What was subtracted from the coordinates before they became float32: 0 but for coordinates
    /// so far from 0 (surveyors' metres) that float32 would lose the shape.
    std::array<double, 3> origin{};
    std::size_t dropped = 0; ///< points left out for a coordinate that is NaN or infinite
    std::size_t samples = 1; ///< point sets in the file, of which this is one

    [[nodiscard]] std::size_t size() const { return positions.size() / 3; }

    friend bool operator==(const PointCloud&, const PointCloud&) = default;
};

} // namespace vitreous
