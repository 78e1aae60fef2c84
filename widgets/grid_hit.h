#pragma once

#include <cstddef>

#include "core/base/index.h"

namespace vitreous {

/// The token under the pointer.
struct GridHit {
    std::size_t row = 0;
    std::size_t column = 0;
    TokenIndex token;

    friend bool operator==(const GridHit&, const GridHit&) = default;
};

} // namespace vitreous
