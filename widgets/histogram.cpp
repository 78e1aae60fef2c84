#include "widgets/histogram.h"

#include <algorithm>
#include <cmath>

namespace vitreous {

std::vector<std::size_t>
histogramOf(std::span<const float> values, const ValueRange& range, std::size_t bins) {
    std::vector<std::size_t> counts(bins);
    const double width = (range.high - range.low) / double(bins);
    for (const float one : values) {
        const auto value = double(one);
        if (!(value >= range.low && value <= range.high)) {
            continue;
        }
        const std::size_t bin = width > 0.0 ? std::size_t((value - range.low) / width) : bins / 2;
        ++counts[std::min(bin, bins - 1)];
    }
    return counts;
}

std::size_t binCount(std::size_t values) {
    constexpr std::size_t least = 8;
    constexpr std::size_t most = 32;
    return std::clamp(std::size_t(std::lround(std::sqrt(double(values)))), least, most);
}

} // namespace vitreous
