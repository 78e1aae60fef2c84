// The point under the pointer, against looking at every point.
#include <limits>

#include <QTest>

#include "cloud_frames.h"

using namespace vitreous;
using namespace vitreous::samples;

namespace {

/// By the book.
std::optional<std::size_t> slowPick(
    const CloudShape& shape,
    const CloudCamera& camera,
    QSizeF size,
    QPointF at,
    double radius,
    std::size_t step = 1) {
    const CloudProjection projection(camera, size);
    std::optional<std::size_t> found;
    double nearest = std::numeric_limits<double>::infinity();
    for (std::size_t point = 0; point < shape.cloud->size(); point += step) {
        const auto place = projection.place(pointAt(shape, point));
        if (!place || place->depth >= nearest) {
            continue;
        }
        const QPointF away = place->pixel - at;
        if (away.x() * away.x() + away.y() * away.y() <= radius * radius) {
            nearest = place->depth;
            found = point;
        }
    }
    return found;
}

} // namespace

class CloudPickTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isTheFrontmost() {
        const auto shape = cloudOf({0, 0, -0.5F, 0, 0, 0.5F, 0, 0, 0.25F});
        for (const Projection projection : {Projection::Perspective, Projection::Orthographic}) {
            const CloudCamera camera = plainLook(projection).camera;
            const QSizeF size(101, 101);
            const auto found = pickPoint(*shape, camera, size, QPointF(50.5, 50.5), 2.0);
            QCOMPARE(found.value_or(9), std::size_t(1));
            QVERIFY(!pickPoint(*shape, camera, size, QPointF(60.5, 50.5), 2.0));
            QVERIFY(pickPoint(*shape, camera, size, QPointF(60.5, 50.5), 10.0 + 1e-3));
            QVERIFY(!pickPoint(*shape, camera, size, QPointF(60.5, 50.5), 10.0 - 1e-3));
        }
    }

    void isWhatLookingAtEveryPointFinds_data() {
        QTest::addColumn<double>("distance");
        QTest::addColumn<double>("focus");
        QTest::addColumn<double>("radius");
        for (const double radius : {0.5, 4.0, 40.0, 1e12}) {
            QTest::addRow("around, %g", radius) << 4.0 << 0.0 << radius;
            QTest::addRow("inside, %g", radius) << 0.02 << 0.3 << radius;
            QTest::addRow("far, %g", radius) << 200.0 << 0.0 << radius;
            QTest::addRow("beside, %g", radius) << 4.0 << 30.0 << radius;
            QTest::addRow("nothing behind, %g", radius) << 0.5 << 3.0 << radius;
        }
    }

    void isWhatLookingAtEveryPointFinds() {
        QFETCH(const double, distance);
        QFETCH(const double, focus);
        QFETCH(const double, radius);
        const auto shape = cloudOf(ballPoints(3000));
        std::mt19937 random(4);
        std::uniform_real_distribution<double> part(0.0, 1.0);
        for (int i = 0; i < 60; ++i) {
            CloudCamera camera;
            camera.azimuth = 360.0 * part(random);
            camera.elevation = 180.0 * part(random) - 90.0;
            camera.distance = distance;
            camera.focus = {focus, -focus * part(random), focus * part(random)};
            camera.projection = i % 2 == 0 ? Projection::Perspective : Projection::Orthographic;
            camera.up = i % 4 < 2 ? UpAxis::Y : UpAxis::Z;
            const QSizeF size(640, 480);
            const QPointF at(640 * part(random), 480 * part(random));
            QCOMPARE(
                pickPoint(*shape, camera, size, at, radius),
                slowPick(*shape, camera, size, at, radius));
        }
    }

    void somethingIsFoundAtAll() {
        const auto shape = cloudOf(ballPoints(3000));
        int found = 0;
        for (int x = 0; x < 100; ++x) {
            const auto point =
                pickPoint(*shape, plainLook().camera, QSizeF(100, 100), QPointF(x, 50), 3.0);
            found += point ? 1 : 0;
        }
        QVERIFY2(found > 85 && found < 100, qPrintable(QString::number(found)));
    }

    void largeCloudsAreLookedAtInPart() {
        const auto shape = cloudOf(ballPoints(5000));
        const CloudCamera camera;
        for (const std::size_t most : {5000U, 4999U, 700U, 1U}) {
            const std::size_t step = (5000 + most - 1) / most;
            for (int x = 100; x < 200; x += 7) {
                const QPointF at(x, 150);
                QCOMPARE(
                    pickPoint(*shape, camera, QSizeF(300, 300), at, 6.0, most),
                    slowPick(*shape, camera, QSizeF(300, 300), at, 6.0, step));
            }
        }
    }

    void cloudsFarFromTheOrigin() {
        auto cloud = std::make_shared<PointCloud>();
        for (const float value : ballPoints(3000)) {
            cloud->positions.push_back(2e4F + 5.0F * value);
        }
        const CloudShape shape{cloud, unitSphereOf(cloud->positions), {}};
        const CloudCamera camera;
        for (int x = 60; x < 240; x += 7) {
            const QPointF at(x, 140);
            QCOMPARE(
                pickPoint(shape, camera, QSizeF(300, 300), at, 3.0),
                slowPick(shape, camera, QSizeF(300, 300), at, 3.0));
        }
    }

    void onePointIsFound() {
        auto cloud = std::make_shared<PointCloud>();
        cloud->positions = {3.0F, 4.0F, 5.0F};
        const CloudShape shape{cloud, unitSphereOf(cloud->positions), {}};
        QCOMPARE(shape.sphere.radius, 0.0);
        const QSizeF size(100, 100);
        QCOMPARE(pickPoint(shape, {}, size, QPointF(50, 50), 1.0).value_or(9), std::size_t(0));
        QVERIFY(!pickPoint(shape, {}, size, QPointF(53, 50), 1.0));
    }

    void nothingIsFoundInNothing() {
        QVERIFY(!pickPoint(*cloudOf({}), {}, QSizeF(100, 100), QPointF(50, 50), 1e6));
    }
};

QTEST_GUILESS_MAIN(CloudPickTest)
#include "cloud_pick_test.moc"
