#include "core/train/surfaces.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace vitreous {
namespace {

using std::numbers::pi;

double radians(double degrees) {
    return degrees * pi / 180.0;
}

Vec3 plus(const Vec3& a, const Vec3& b, double times) {
    return {a[0] + times * b[0], a[1] + times * b[1], a[2] + times * b[2]};
}

Vec3 cross(const Vec3& a, const Vec3& b) {
    return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

double lengthOf(const Vec3& a) {
    return std::sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
}

Vec3 unit(const Vec3& a) {
    const double length = lengthOf(a);
    return {a[0] / length, a[1] / length, a[2] / length};
}

/// Even over the sphere of radius 1.
Vec3 onSphere(Random& random) {
    const double y = random.uniform(-1.0, 1.0);
    const double angle = random.uniform(0.0, 2.0 * pi);
    const double radius = std::sqrt(1.0 - y * y);
    return {radius * std::cos(angle), y, radius * std::sin(angle)};
}

/// Where a share of the area between two radii lies that grows as the radius does: of a disc, or
/// along the wall of a cone.
double radiusAt(double share, double from, double to) {
    return std::sqrt(from * from + share * (to * to - from * from));
}

} // namespace

Vec3 Frame::at(const Vec3& own) const {
    return plus(plus(plus(origin, x, own[0]), y, own[1]), z, own[2]);
}

Frame Frame::turned(int axis, double degrees) const {
    const double c = std::cos(radians(degrees));
    const double s = std::sin(radians(degrees));
    Frame result = *this;
    const auto turn = [c, s](Vec3& first, Vec3& second) {
        const Vec3 before = first;
        first = plus({c * before[0], c * before[1], c * before[2]}, second, s);
        second = plus({c * second[0], c * second[1], c * second[2]}, before, -s);
    };
    if (axis == 0) {
        turn(result.y, result.z);
    } else if (axis == 1) {
        turn(result.z, result.x);
    } else {
        turn(result.x, result.y);
    }
    return result;
}

Frame frameAt(double x, double y, double z) {
    Frame frame;
    frame.origin = {x, y, z};
    return frame;
}

Frame frameAlong(const Vec3& from, const Vec3& to) {
    Frame frame;
    frame.origin = from;
    frame.y = unit(plus(to, from, -1.0));
    // Any axis that is not nearly the same.
    const Vec3 other = std::abs(frame.y[0]) < 0.7 ? Vec3{1.0, 0.0, 0.0} : Vec3{0.0, 0.0, 1.0};
    frame.z = unit(cross(other, frame.y));
    frame.x = cross(frame.y, frame.z);
    return frame;
}

void SurfaceList::add(double area, std::function<Vec3(Random&)> draw) {
    if (area > 0.0) {
        surfaces_.push_back({area, part_, std::move(draw)});
    }
}

void SurfaceList::box(const Frame& frame, const Vec3& half) {
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const std::size_t first = (axis + 1) % 3;
        const std::size_t second = (axis + 2) % 3;
        // A pair of faces.
        add(8.0 * half[first] * half[second], [=](Random& random) {
            Vec3 own{};
            own[axis] = random.below(2) == 0 ? -half[axis] : half[axis];
            own[first] = random.uniform(-half[first], half[first]);
            own[second] = random.uniform(-half[second], half[second]);
            return frame.at(own);
        });
    }
}

void SurfaceList::wall(
    const Frame& frame,
    double lower_radius,
    double upper_radius,
    double height) {
    const double slope = upper_radius - lower_radius;
    const double slant = std::sqrt(height * height + slope * slope);
    add(pi * (lower_radius + upper_radius) * slant, [=](Random& random) {
        const double share = random.uniform();
        const double radius = radiusAt(share, lower_radius, upper_radius);
        const double along = std::abs(slope) > 1e-9 ? (radius - lower_radius) / slope : share;
        const double angle = random.uniform(0.0, 2.0 * pi);
        return frame.at({radius * std::cos(angle), along * height, radius * std::sin(angle)});
    });
}

void SurfaceList::disc(const Frame& frame, double inner, double outer) {
    add(pi * (outer * outer - inner * inner), [=](Random& random) {
        const double radius = radiusAt(random.uniform(), inner, outer);
        const double angle = random.uniform(0.0, 2.0 * pi);
        return frame.at({radius * std::cos(angle), 0.0, radius * std::sin(angle)});
    });
}

void SurfaceList::cylinder(
    const Frame& frame,
    double lower_radius,
    double upper_radius,
    double height) {
    wall(frame, lower_radius, upper_radius, height);
    disc(frame, 0.0, lower_radius);
    Frame top = frame;
    top.origin = frame.at({0.0, height, 0.0});
    disc(top, 0.0, upper_radius);
}

void SurfaceList::ellipsoid(const Frame& frame, const Vec3& radii) {
    const Vec3 faces{radii[1] * radii[2], radii[0] * radii[2], radii[0] * radii[1]};
    // Thomsen's formula, within 1.1 %.
    constexpr double power = 1.6075;
    double sum = 0.0;
    for (const double face : faces) {
        sum += std::pow(face, power);
    }
    const double most = *std::max_element(faces.begin(), faces.end());
    add(4.0 * pi * std::pow(sum / 3.0, 1.0 / power), [=](Random& random) {
        while (true) {
            // How much the sphere's area grows there.
            const Vec3 p = onSphere(random);
            const double growth = lengthOf({faces[0] * p[0], faces[1] * p[1], faces[2] * p[2]});
            if (random.uniform() * most <= growth) {
                return frame.at({radii[0] * p[0], radii[1] * p[1], radii[2] * p[2]});
            }
        }
    });
}

void SurfaceList::torus(
    const Frame& frame,
    double ring_radius,
    double tube_radius,
    double degrees) {
    const double arc = radians(degrees);
    add(arc * ring_radius * 2.0 * pi * tube_radius, [=](Random& random) {
        while (true) {
            const double around = random.uniform(0.0, 2.0 * pi);
            const double radius = ring_radius + tube_radius * std::cos(around);
            // The outer side of the tube has more area than the inner one.
            if (random.uniform() * (ring_radius + tube_radius) <= radius) {
                const double along = random.uniform(0.0, arc);
                return frame.at(
                    {radius * std::cos(along), radius * std::sin(along),
                     tube_radius * std::sin(around)});
            }
        }
    });
}

} // namespace vitreous
