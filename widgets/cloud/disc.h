#pragma once

#include <vector>

namespace vitreous {

/// The pixels of a disc. It is set to whole pixels, so that discs at one pixel are alike and the
/// nearest of them covers the others: about the middle of a pixel or about a corner between four,
/// whichever comes nearer to the disc's area.
struct Disc {
    /// About a corner: the upper left one of its middle pixel.
    bool is_cornered = false;
    double radius = 0.5;     ///< in pixels
    std::vector<int> halves; ///< a row: how far it goes to the left of the middle pixel, which it
                             ///< does to the right as well, less 1 where it is about a corner

    /// The rows from the middle pixel's upwards.
    [[nodiscard]] int reach() const { return int(halves.size()) / 2; }
    [[nodiscard]] int last(int half) const { return is_cornered ? half - 1 : half; }
    /// Of a pixel so far from the middle one to the disc's middle.
    [[nodiscard]] double away(int pixels) const { return pixels + (is_cornered ? 0.5 : 0.0); }

    friend bool operator==(const Disc&, const Disc&) = default;
};

/// A disc is deeper away from its middle, by so much of away^2 / radius: like the front of a ball,
/// which is 0.5, but flatter, so that discs that overlap part half-way between them and slopes have
/// no steps.
inline constexpr double disc_bulge = 0.25;

/// diameter: in pixels; of less than 1 counts as 1.
Disc discOf(double diameter);

} // namespace vitreous
