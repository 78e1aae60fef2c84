#include "widgets/value_extent.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vitreous {

void Extent::add(std::span<const float> values) {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    float low = infinity;
    float high = -infinity;
    for (const float value : values) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        }
    }
    if (low <= high) {
        add(ValueRange{static_cast<double>(low), static_cast<double>(high)});
    }
}

void Extent::add(const ValueRange& range) {
    const ValueRange known = range_.value_or(range);
    range_ = ValueRange{std::min(known.low, range.low), std::max(known.high, range.high)};
}

std::vector<float> meanOverHeads(const Array& attention) {
    const auto heads = static_cast<std::size_t>(attention.shape[0]);
    const std::size_t tokens = attention.values.size() / heads;
    std::vector<float> mean(tokens);
    for (std::size_t token = 0; token < tokens; ++token) {
        double sum = 0.0;
        for (std::size_t head = 0; head < heads; ++head) {
            sum += attention.values[head * tokens + token];
        }
        mean[token] = static_cast<float>(sum / static_cast<double>(heads));
    }
    return mean;
}

} // namespace vitreous
