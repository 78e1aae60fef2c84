#pragma once

namespace vitreous {

/// The disc of a point, of whole pixels: about the middle of a pixel or about a corner between
/// four, whichever comes nearer to the disc's area.
struct PointDisc {
    float corner = 0.0F; ///< 0.5: about a corner; 0: about a pixel
    float radius = 0.5F; ///< in pixels: those whose middle is no farther are the disc's
    float square = 1.0F; ///< the side of a square that has all of them in it
};

/// most: the largest square that can be drawn.
PointDisc pointDiscOf(double diameter, double most);

} // namespace vitreous
