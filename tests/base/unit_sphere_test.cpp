#include <QtTest>

#include <cmath>
#include <limits>
#include <vector>

#include "core/base/unit_sphere.h"

using namespace vitreous;

using Floats = std::vector<float>;

class UnitSphereTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void centroidAndFarthestPoint() {
        // The centroid, not the middle of the box.
        const UnitSphere sphere = unitSphereOf(Floats{0, 0, 0, 0, 0, 0, 3, 3, 0, 1, 1, 4});
        QCOMPARE(sphere.center, (std::array{1.0, 1.0, 1.0}));
        QCOMPARE(sphere.radius, 3.0);
    }

    void nothingHasNoExtent() {
        QCOMPARE(unitSphereOf(Floats{}), (UnitSphere{{}, 0.0}));
        QCOMPARE(unitSphereOf(Floats{4, 5, 6}), (UnitSphere{{4, 5, 6}, 0.0}));
        QCOMPARE(unitSphereOf(Floats{4, 5, 6, 4, 5, 6}), (UnitSphere{{4, 5, 6}, 0.0}));
    }

    void sumsAreDouble() {
        // In float32, 2^24 and one more is 2^24 again.
        constexpr std::size_t points = 100000;
        Floats xyz;
        for (std::size_t i = 0; i < points; ++i) {
            xyz.insert(xyz.end(), {1000.0F + float(i % 2), 0.0F, 0.0F});
        }
        const UnitSphere sphere = unitSphereOf(xyz);
        QCOMPARE(sphere.center[0], 1000.5);
        QCOMPARE(sphere.radius, 0.5);
    }

    void pointsArePlaced() {
        const Floats xyz = {10, 10, 10, 14, 10, 7};
        QCOMPARE(placedIn({{10, 10, 10}, 5.0}, &xyz[3]), (std::array{0.8F, 0.0F, -0.6F}));
        QCOMPARE(placedIn({{10, 10, 10}, 0.0}, xyz.data()), (std::array{0.0F, 0.0F, 0.0F}));
        // The centre is no float32: it is taken away in double.
        const Floats far = {16777216, 0, 0};
        QCOMPARE(placedIn({{16777215.5, 0, 0}, 2.0}, far.data())[0], 0.25F);
    }

    void largeCoordinatesDoNotOverflow() {
        const UnitSphere sphere = unitSphereOf(Floats{-1e37F, 0, 0, 1e37F, 0, 0});
        QCOMPARE(sphere.center[0], 0.0);
        QCOMPARE(sphere.radius, double(1e37F));
    }
};

QTEST_APPLESS_MAIN(UnitSphereTest)
#include "unit_sphere_test.moc"
