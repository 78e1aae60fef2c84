#include "core/train/shape_classes.h"

#include <cmath>
#include <numbers>

// Numbers are drawn one a statement, or in braces: compilers order arguments as they like.

namespace vitreous {
namespace {

/// True in that share of the shapes.
bool chance(Random& random, double share) {
    return random.uniform() < share;
}

/// Legs under the corners of a rectangle of that half size, spread outwards by `splay` at the foot.
void fourLegs(
    SurfaceList& list,
    Random& random,
    const Vec3& half,
    double height,
    double thickness,
    double splay) {
    const bool round = chance(random, 0.5);
    for (const double side_x : {-1.0, 1.0}) {
        for (const double side_z : {-1.0, 1.0}) {
            const Vec3 top{side_x * (half[0] - thickness), height, side_z * (half[2] - thickness)};
            const Vec3 foot{top[0] + side_x * splay, 0.0, top[2] + side_z * splay};
            const Frame frame = frameAlong(foot, top);
            const double length = std::sqrt(height * height + 2.0 * splay * splay);
            if (round) {
                list.wall(frame, thickness, thickness, length);
            } else {
                Frame middle = frame;
                middle.origin = frame.at({0.0, length / 2.0, 0.0});
                list.box(middle, {thickness, length / 2.0, thickness});
            }
        }
    }
}

void buildAirplane(SurfaceList& list, Random& random) {
    const double radius = random.uniform(0.045, 0.09);
    list.begin(0);
    list.ellipsoid({}, {0.5, radius, radius * random.uniform(0.9, 1.1)});
    const double span = random.uniform(0.3, 0.52);
    const double chord = random.uniform(0.05, 0.1);
    const double sweep = random.uniform(0.0, 32.0);
    const double rise = random.uniform(-3.0, 7.0);
    const double wing_y = random.uniform(-0.6, 0.6) * radius;
    const double wing_x = random.uniform(-0.02, 0.12);
    const double thickness = random.uniform(0.006, 0.014);
    const double tail_span = span * random.uniform(0.3, 0.42);
    const int engines = random.below(3);
    for (const double side : {-1.0, 1.0}) {
        Frame wing = frameAt(wing_x, wing_y, 0.0).turned(1, side * sweep).turned(0, -side * rise);
        const Frame root = wing;
        wing.origin = root.at({0.0, 0.0, side * span / 2.0});
        list.begin(1);
        list.box(wing, {chord, thickness, span / 2.0});
        list.begin(3);
        for (int i = 0; i < engines; ++i) {
            const Vec3 at = root.at({0.0, -0.035, side * span * (0.35 + 0.28 * i)});
            list.cylinder(frameAt(at[0] - 0.05, at[1], at[2]).turned(2, -90.0), 0.026, 0.03, 0.13);
        }
        list.begin(2);
        Frame tail = frameAt(-0.43, radius * 0.3, 0.0).turned(1, side * (sweep + 5.0));
        tail.origin = tail.at({0.0, 0.0, side * tail_span / 2.0});
        list.box(tail, {chord * 0.55, 0.007, tail_span / 2.0});
    }
    list.begin(2);
    const double fin = random.uniform(0.13, 0.2);
    list.box(
        frameAt(-0.44 - 0.2 * fin, radius * 0.3 + fin / 2.0, 0.0).turned(2, 24.0),
        {chord * 0.6, fin / 2.0, 0.007});
}

void buildBottle(SurfaceList& list, Random& random) {
    const double radius = random.uniform(0.1, 0.2);
    const double body = random.uniform(0.4, 0.62);
    const double shoulder = random.uniform(0.06, 0.2);
    const double neck_radius = radius * random.uniform(0.28, 0.5);
    const double neck = random.uniform(0.1, 0.24);
    list.begin(0);
    list.wall({}, radius, radius, body);
    list.disc({}, 0.0, radius);
    list.begin(1);
    list.wall(frameAt(0.0, body, 0.0), radius, neck_radius, shoulder);
    list.begin(2);
    list.wall(frameAt(0.0, body + shoulder, 0.0), neck_radius, neck_radius, neck);
    if (chance(random, 0.7)) {
        list.begin(3);
        const double cap = neck_radius * random.uniform(1.1, 1.3);
        list.cylinder(
            frameAt(0.0, body + shoulder + neck, 0.0), cap, cap, random.uniform(0.03, 0.07));
    }
}

void buildCar(SurfaceList& list, Random& random) {
    const double length = random.uniform(0.42, 0.52);
    const double width = random.uniform(0.17, 0.23);
    const double height = random.uniform(0.07, 0.11);
    const double wheel = random.uniform(0.07, 0.105);
    list.begin(0);
    const double floor = wheel * 0.9;
    list.box(frameAt(0.0, floor + height, 0.0), {length, height, width});
    list.begin(1);
    const double cabin = length * random.uniform(0.3, 0.85);
    const double cabin_height = random.uniform(0.07, 0.13);
    const double back = random.uniform(-1.0, 0.4) * (length - cabin);
    list.box(
        frameAt(back, floor + 2.0 * height + cabin_height, 0.0),
        {cabin, cabin_height, width * random.uniform(0.82, 0.96)});
    list.begin(2);
    const double tyre = random.uniform(0.05, 0.08);
    const double axle = length * random.uniform(0.55, 0.68);
    for (const double side_x : {-1.0, 1.0}) {
        for (const double side_z : {-1.0, 1.0}) {
            const Frame hub = frameAt(side_x * axle, wheel, side_z * width - tyre / 2.0);
            list.cylinder(hub.turned(0, 90.0), wheel, wheel, tyre);
        }
    }
}

void buildChair(SurfaceList& list, Random& random) {
    const Vec3 half{random.uniform(0.19, 0.27), random.uniform(0.012, 0.035), 0.0};
    const Vec3 seat{half[0], half[1], half[0] * random.uniform(0.85, 1.15)};
    const double height = random.uniform(0.35, 0.5);
    const double thickness = random.uniform(0.016, 0.032);
    list.begin(0);
    list.box(frameAt(0.0, height + seat[1], 0.0), seat);
    list.begin(1);
    const double back = random.uniform(0.35, 0.58);
    const Frame rear =
        frameAt(0.0, height + seat[1], -seat[2]).turned(0, -random.uniform(0.0, 14.0));
    const int slats = chance(random, 0.4) ? 3 + random.below(3) : 0;
    const double board = random.uniform(0.01, 0.03);
    if (slats == 0) {
        Frame middle = rear;
        middle.origin = rear.at({0.0, back / 2.0, 0.0});
        list.box(middle, {seat[0], back / 2.0, board});
    }
    for (int i = 0; i < slats; ++i) {
        Frame slat = rear;
        slat.origin = rear.at({seat[0] * (2.0 * i / (slats - 1) - 1.0), back / 2.0, 0.0});
        list.box(slat, {0.022, back / 2.0, board});
    }
    if (slats > 0) {
        Frame rail = rear;
        rail.origin = rear.at({0.0, back, 0.0});
        list.box(rail, {seat[0], 0.035, board});
    }
    list.begin(2);
    fourLegs(list, random, seat, height, thickness, random.uniform(0.0, 0.05));
    if (chance(random, 0.35)) {
        list.begin(3);
        const double arm = random.uniform(0.16, 0.24);
        for (const double side : {-1.0, 1.0}) {
            list.box(frameAt(side * seat[0], height + arm, 0.0), {thickness, thickness, seat[2]});
            list.box(
                frameAt(side * seat[0], height + arm / 2.0, seat[2] * 0.8),
                {thickness, arm / 2.0, thickness});
        }
    }
}

void buildGuitar(SurfaceList& list, Random& random) {
    const double lower = random.uniform(0.17, 0.23);
    const double upper = lower * random.uniform(0.68, 0.86);
    const double depth = random.uniform(0.025, 0.055);
    list.begin(0);
    list.ellipsoid(frameAt(0.0, lower, 0.0), {lower, lower * random.uniform(0.85, 1.0), depth});
    list.ellipsoid(
        frameAt(0.0, lower * 1.7 + upper * 0.5, 0.0),
        {upper, upper * random.uniform(0.85, 1.0), depth * 0.95});
    list.begin(1);
    const double start = lower * 1.7 + upper;
    const double neck = random.uniform(0.34, 0.5);
    list.box(
        frameAt(0.0, start + neck / 2.0, depth * 0.6),
        {random.uniform(0.02, 0.032), neck / 2.0, 0.014});
    list.begin(2);
    const double tilt = random.uniform(0.0, 15.0);
    list.box(
        frameAt(0.0, start + neck + 0.06, depth * 0.6).turned(0, -tilt),
        {random.uniform(0.035, 0.055), 0.07, 0.012});
}

void buildLamp(SurfaceList& list, Random& random) {
    const double base = random.uniform(0.1, 0.2);
    const double pole = random.uniform(0.3, 0.75);
    const double shade = random.uniform(0.16, 0.34);
    const double lower = random.uniform(0.15, 0.3);
    const double rim = base * random.uniform(0.6, 1.0);
    const double foot = random.uniform(0.015, 0.05);
    list.begin(0);
    list.cylinder({}, base, rim, foot);
    list.begin(1);
    const double thickness = random.uniform(0.012, 0.03);
    list.wall({}, thickness, thickness, pole + shade * 0.5);
    list.begin(2);
    const double upper = lower * random.uniform(0.35, 0.95);
    list.wall(frameAt(0.0, pole, 0.0), lower, upper, shade);
    if (chance(random, 0.3)) {
        list.disc(frameAt(0.0, pole + shade, 0.0), 0.0, upper);
    }
}

void buildMug(SurfaceList& list, Random& random) {
    const double lower = random.uniform(0.22, 0.3);
    const double upper = lower * random.uniform(0.92, 1.18);
    const double height = random.uniform(0.4, 0.62);
    const double thickness = random.uniform(0.015, 0.035);
    list.begin(0);
    list.wall({}, lower, upper, height);
    list.wall(
        frameAt(0.0, thickness, 0.0), lower - thickness, upper - thickness, height - thickness);
    list.disc(frameAt(0.0, height, 0.0), upper - thickness, upper);
    list.begin(1);
    list.disc({}, 0.0, lower);
    list.disc(frameAt(0.0, thickness, 0.0), 0.0, lower - thickness);
    list.begin(2);
    const double ring = height * random.uniform(0.28, 0.36);
    const double tube = random.uniform(0.028, 0.05);
    const double middle = height * random.uniform(0.46, 0.56);
    list.torus(frameAt((lower + upper) / 2.0, middle, 0.0).turned(2, -90.0), ring, tube, 180.0);
}

void buildRocket(SurfaceList& list, Random& random) {
    const double radius = random.uniform(0.08, 0.15);
    const double body = random.uniform(0.4, 0.62);
    const double nose = random.uniform(0.15, 0.32);
    list.begin(0);
    list.wall({}, radius, radius, body);
    list.disc({}, 0.0, radius);
    list.begin(1);
    list.wall(frameAt(0.0, body, 0.0), radius, 0.0, nose);
    list.begin(2);
    const int fins = 3 + random.below(2);
    const double reach = random.uniform(0.07, 0.15);
    const double height = random.uniform(0.1, 0.2);
    for (int i = 0; i < fins; ++i) {
        Frame fin = Frame{}.turned(1, 360.0 * i / fins);
        fin.origin = fin.at({radius + reach / 2.0, height / 2.0 - 0.03, 0.0});
        list.box(fin.turned(2, -18.0), {reach / 2.0, height / 2.0, 0.007});
    }
    list.begin(3);
    const double nozzle = random.uniform(0.04, 0.09);
    list.wall(frameAt(0.0, -nozzle, 0.0), radius * 0.75, radius * 0.4, nozzle);
}

void buildStool(SurfaceList& list, Random& random) {
    const double radius = random.uniform(0.14, 0.22);
    const double height = random.uniform(0.42, 0.78);
    const double board = random.uniform(0.02, 0.06);
    const double thickness = random.uniform(0.014, 0.028);
    const double splay = random.uniform(0.02, 0.1);
    list.begin(0);
    list.cylinder(frameAt(0.0, height, 0.0), radius, radius, board);
    list.begin(1);
    const int legs = 3 + random.below(2);
    for (int i = 0; i < legs; ++i) {
        const Frame around = Frame{}.turned(1, 360.0 * i / legs + 45.0);
        const Vec3 top = around.at({radius * 0.75, height, 0.0});
        const Vec3 foot = around.at({radius * 0.75 + splay, 0.0, 0.0});
        list.wall(
            frameAlong(foot, top), thickness, thickness,
            std::sqrt(height * height + splay * splay));
    }
    if (chance(random, 0.6)) {
        list.begin(2);
        const double at = random.uniform(0.2, 0.45);
        list.torus(
            frameAt(0.0, height * at, 0.0).turned(0, 90.0), radius * 0.75 + splay * (1.0 - at),
            0.012, 360.0);
    }
}

void buildTable(SurfaceList& list, Random& random) {
    const double board = random.uniform(0.012, 0.03);
    const double height = random.uniform(0.32, 0.62);
    const bool is_round = chance(random, 0.35);
    const Vec3 half{random.uniform(0.34, 0.5), board, random.uniform(0.26, 0.4)};
    list.begin(0);
    if (is_round) {
        list.cylinder(frameAt(0.0, height, 0.0), half[0], half[0], 2.0 * board);
    } else {
        list.box(frameAt(0.0, height + board, 0.0), half);
    }
    if (is_round && chance(random, 0.6)) {
        const double pole = random.uniform(0.025, 0.05);
        list.begin(1);
        list.wall({}, pole, pole, height);
        list.begin(2);
        const double foot = half[0] * random.uniform(0.45, 0.65);
        list.cylinder({}, foot, pole, random.uniform(0.03, 0.08));
        return;
    }
    list.begin(1);
    const double inner = is_round ? half[0] / std::numbers::sqrt2 : half[0];
    const double thickness = random.uniform(0.018, 0.035);
    const double splay = random.uniform(0.0, 0.04);
    fourLegs(list, random, {inner, board, is_round ? inner : half[2]}, height, thickness, splay);
}

} // namespace

void buildBackground(SurfaceList& list, Random& random, double floor) {
    const bool has_floor = chance(random, 0.5);
    if (has_floor) {
        const Vec3 half{random.uniform(0.2, 0.45), 0.004, random.uniform(0.2, 0.45)};
        const double angle = random.uniform(0.0, 90.0);
        list.box(frameAt(0.0, floor, 0.0).turned(1, angle), half);
    }
    const int others = (has_floor ? 0 : 1) + random.below(3);
    for (int i = 0; i < others; ++i) {
        const double angle = random.uniform(0.0, 2.0 * std::numbers::pi);
        const double distance = random.uniform(0.25, 0.55);
        const double rise = random.uniform(0.03, 0.4);
        const double turn = random.uniform(0.0, 360.0);
        const double tilt = random.uniform(0.0, 90.0);
        const Frame frame =
            frameAt(distance * std::cos(angle), floor + rise, distance * std::sin(angle))
                .turned(1, turn)
                .turned(0, tilt);
        const Vec3 sides{
            random.uniform(0.03, 0.12), random.uniform(0.03, 0.12), random.uniform(0.01, 0.12)};
        switch (random.below(3)) {
        case 0:
            list.box(frame, sides);
            break;
        case 1:
            list.ellipsoid(frame, sides);
            break;
        default:
            list.wall(frame, sides[0], sides[1], 2.0 * sides[2]);
        }
    }
}

const std::vector<ShapeClass>& shapeClassTable() {
    static const std::vector<ShapeClass> table = {
        {"airplane", {"fuselage", "wing", "tail", "engine", "background"}, buildAirplane},
        {"bottle", {"body", "shoulder", "neck", "cap", "background"}, buildBottle},
        {"car", {"body", "cabin", "wheel", "background"}, buildCar},
        {"chair", {"seat", "back", "leg", "arm", "background"}, buildChair},
        {"guitar", {"body", "neck", "head", "background"}, buildGuitar},
        {"lamp", {"base", "pole", "shade", "background"}, buildLamp},
        {"mug", {"wall", "bottom", "handle", "background"}, buildMug},
        {"rocket", {"body", "nose", "fin", "nozzle", "background"}, buildRocket},
        {"stool", {"seat", "leg", "rung", "background"}, buildStool},
        {"table", {"top", "leg", "base", "background"}, buildTable}};
    return table;
}

} // namespace vitreous
