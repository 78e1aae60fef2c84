#pragma once

#include <optional>
#include <span>
#include <vector>

#include "widgets/view_state.h"

namespace vitreous {

/// Smallest and largest finite value so far.
class Extent {
public:
    void add(std::span<const float> values);
    void add(const ValueRange& range);

    /// Nothing without any finite value.
    [[nodiscard]] std::optional<ValueRange> range() const { return range_; }

private:
    std::optional<ValueRange> range_;
};

/// Of an attention map, (heads, tokens...): each token's mean.
std::vector<float> meanOverHeads(const Array& attention);

} // namespace vitreous
