#pragma once

#include <compare>
#include <cstddef>
#include <functional>

namespace vitreous {

/// A position that cannot be mistaken for a position in something else. Counts from 0.
template <typename Tag>
struct Index {
    std::size_t value = 0;

    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the comparison's 0 for a pointer.
    friend auto operator<=>(const Index&, const Index&) = default;
};

using TapIndex = Index<struct TapTag>;     ///< a tap, in forward order
using HeadIndex = Index<struct HeadTag>;   ///< an attention head
using TokenIndex = Index<struct TokenTag>; ///< a visual token, row-major over the grid
using FrameIndex = Index<struct FrameTag>; ///< a frame of a video, in order of showing

} // namespace vitreous
