#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/train/random.h"

namespace vitreous {

/// A point or a direction; y is up.
using Vec3 = std::array<double, 3>;

/// A place to put a primitive at: its origin, and where its own axes point.
struct Frame {
    Vec3 origin{};
    Vec3 x{1.0, 0.0, 0.0};
    Vec3 y{0.0, 1.0, 0.0};
    Vec3 z{0.0, 0.0, 1.0};

    /// From the primitive's coordinates to the shape's.
    [[nodiscard]] Vec3 at(const Vec3& own) const;
    /// Turned about its own axis (0: x, 1: y, 2: z), in degrees, by the right hand.
    [[nodiscard]] Frame turned(int axis, double degrees) const;
};

/// The frame at a place with the shape's axes.
Frame frameAt(double x, double y, double z);
/// The frame at `from` whose y points to `to`, another place.
Frame frameAlong(const Vec3& from, const Vec3& to);

/// A surface that points are drawn from.
struct Surface {
    double area = 0.0;
    std::uint8_t part = 0;
    std::function<Vec3(Random&)> draw; ///< uniform by area
};

/// The surfaces of a shape in the making. What is added belongs to the part that was begun last.
class SurfaceList {
public:
    void begin(std::uint8_t part) { part_ = part; }

    /// The six faces of a box about the frame's origin. half: half its sides.
    void box(const Frame& frame, const Vec3& half);
    /// The wall of a cone or cylinder along y from the origin; no ends. One radius may be 0.
    void wall(const Frame& frame, double lower_radius, double upper_radius, double height);
    /// A filled ring about the origin, at right angles to y. inner: 0 for a disc.
    void disc(const Frame& frame, double inner, double outer);
    /// A wall with both ends closed.
    void cylinder(const Frame& frame, double lower_radius, double upper_radius, double height);
    /// An ellipsoid about the origin. radii: along x, y, z.
    void ellipsoid(const Frame& frame, const Vec3& radii);
    /// Part of a torus about the origin, around z: from angle 0, at x, on by `degrees`.
    void torus(const Frame& frame, double ring_radius, double tube_radius, double degrees);

    [[nodiscard]] const std::vector<Surface>& surfaces() const { return surfaces_; }

private:
    void add(double area, std::function<Vec3(Random&)> draw);

    std::vector<Surface> surfaces_;
    std::uint8_t part_ = 0;
};

} // namespace vitreous
