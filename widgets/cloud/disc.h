#pragma once

#include <vector>

namespace vitreous {

/// The pixels of a disc. It is set to whole pixels, so that discs at one pixel are alike and the
/// nearest of them covers the others: about the middle of a pixel or about a corner between four,
/// whichever comes nearer to the disc's area.
struct Disc {
    /// What a place in pixels is moved by before it is cut to the disc's middle pixel: half a pixel
    /// where the disc is about that pixel's upper left corner.
    float shift = 0.0F;
    int first = 0;           ///< the topmost row, from the middle one
    std::vector<int> halves; ///< a row: how far it goes to the left of the middle pixel

    /// The last pixel of a row on the right of the middle one.
    [[nodiscard]] int last(int half) const { return shift > 0.0F ? half - 1 : half; }
    /// How far it goes from its middle pixel, at the most.
    [[nodiscard]] int reach() const { return -first; }

    friend bool operator==(const Disc&, const Disc&) = default;
};

/// diameter: in pixels; of less than 1 counts as 1.
Disc discOf(double diameter);

} // namespace vitreous
