// The camera of point clouds: how it moves, and where it sees a point.
#include <cmath>
#include <limits>
#include <random>

#include <QTest>

#include "widgets/cloud/cloud_camera.h"

using namespace vitreous;

namespace {

constexpr QSizeF view(640, 480);

bool isClose(const QVector3D& a, const QVector3D& b, float tolerance = 1e-5F) {
    return (a - b).length() <= tolerance;
}

QVector3D focusOf(const CloudCamera& camera) {
    return {float(camera.focus[0]), float(camera.focus[1]), float(camera.focus[2])};
}

/// From the camera to its focus.
QVector3D sightOf(const CloudCamera& camera) {
    return (focusOf(camera) - positionOf(camera)).normalized();
}

/// Of both projections and both axes, from all sides.
std::vector<CloudCamera> cameras() {
    std::mt19937 random(2);
    std::uniform_real_distribution<double> part(0.0, 1.0);
    std::vector<CloudCamera> made;
    for (int i = 0; i < 80; ++i) {
        CloudCamera camera;
        camera.azimuth = 360.0 * part(random) - 180.0;
        camera.elevation = i % 10 == 0 ? 90.0 : i % 10 == 1 ? -90.0 : 180.0 * part(random) - 90.0;
        camera.distance = 1.5 + 4.0 * part(random);
        camera.focus = {part(random) - 0.5, part(random) - 0.5, part(random) - 0.5};
        camera.view_angle = 20.0 + 40.0 * part(random);
        camera.projection = i % 2 == 0 ? Projection::Perspective : Projection::Orthographic;
        camera.up = i % 4 < 2 ? UpAxis::Y : UpAxis::Z;
        made.push_back(camera);
    }
    return made;
}

} // namespace

class CloudCameraTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void orbitStaysBetweenThePoles() {
        std::mt19937 random(3);
        std::uniform_real_distribution<double> degrees(-200.0, 200.0);
        CloudCamera camera;
        double lowest = 0.0;
        double highest = 0.0;
        for (int i = 0; i < 500; ++i) {
            camera = orbited(camera, degrees(random), degrees(random));
            QVERIFY(camera.elevation >= -90.0 && camera.elevation <= 90.0);
            QVERIFY(camera.azimuth >= -180.0 && camera.azimuth <= 180.0);
            lowest = std::min(lowest, camera.elevation);
            highest = std::max(highest, camera.elevation);
        }
        QCOMPARE(lowest, -90.0);
        QCOMPARE(highest, 90.0);
    }

    void orbitFollowsThePointer() {
        for (const CloudCamera& camera : cameras()) {
            if (std::abs(camera.elevation) > 60.0) {
                continue;
            }
            // A point before the focus goes to the right and up.
            const QVector3D front = focusOf(camera) - sightOf(camera) * 0.3F;
            const auto place = [&front](const CloudCamera& from) {
                return CloudProjection(from, view).place(front)->pixel;
            };
            QVERIFY(place(orbited(camera, 5.0, 0.0)).x() > view.width() / 2 + 1.0);
            QVERIFY(place(orbited(camera, 0.0, 5.0)).y() < view.height() / 2 - 1.0);
        }
    }

    void orbitTurnsAboutTheFocus() {
        for (const CloudCamera& camera : cameras()) {
            const CloudCamera turned = orbited(camera, 33.0, -12.0);
            QCOMPARE(turned.focus, camera.focus);
            QCOMPARE(turned.distance, camera.distance);
            const auto place = CloudProjection(turned, view).place(focusOf(camera));
            QVERIFY(place.has_value());
            QVERIFY(std::abs(place->pixel.x() - view.width() / 2) < 0.01);
            QVERIFY(std::abs(place->pixel.y() - view.height() / 2) < 0.01);
        }
    }

    void upIsAUnitAcrossTheSight() {
        for (const CloudCamera& camera : cameras()) {
            const QVector3D up = upOf(camera);
            QVERIFY(std::abs(up.length() - 1.0F) < 1e-5F);
            QVERIFY(std::abs(QVector3D::dotProduct(up, sightOf(camera))) < 1e-4F);
            // It never tilts: what is up on the screen does not go down.
            const QVector3D axis = camera.up == UpAxis::Y ? QVector3D(0, 1, 0) : QVector3D(0, 0, 1);
            QVERIFY(QVector3D::dotProduct(up, axis) > -1e-5F);
        }
    }

    void distanceIsToTheFocus() {
        for (const CloudCamera& camera : cameras()) {
            const double away = double((positionOf(camera) - focusOf(camera)).length());
            QVERIFY(std::abs(away - camera.distance) < 1e-4);
            const auto place = CloudProjection(camera, view).place(focusOf(camera));
            QVERIFY(std::abs(place->depth - camera.distance) < 1e-4);
        }
    }

    void panMovesTheFocusWithThePointer() {
        for (const CloudCamera& camera : cameras()) {
            // A quarter of the height to the right and a tenth of it down.
            const CloudCamera moved = panned(camera, QPointF(0.25, 0.1));
            const auto place = CloudProjection(moved, view).place(focusOf(camera));
            QVERIFY(place.has_value());
            QVERIFY(std::abs(place->pixel.x() - (320.0 + 0.25 * 480.0)) < 0.05);
            QVERIFY(std::abs(place->pixel.y() - (240.0 + 0.1 * 480.0)) < 0.05);
            QVERIFY(isClose(sightOf(moved), sightOf(camera), 1e-4F));
            QCOMPARE(moved.distance, camera.distance);
            const CloudCamera back = panned(moved, QPointF(-0.25, -0.1));
            QVERIFY(isClose(focusOf(back), focusOf(camera), 1e-5F));
        }
    }

    void dollyComesNearer() {
        CloudCamera camera;
        camera.distance = 3.0;
        QCOMPARE(dollied(camera, 2.0).distance, 1.5);
        QCOMPARE(dollied(camera, 0.5).distance, 6.0);
        QCOMPARE(dollied(camera, 1e9).distance, nearest_distance);
        QCOMPARE(dollied(camera, 1e-9).distance, farthest_distance);
        // What is at the focus grows with it in both projections.
        for (const Projection projection : {Projection::Perspective, Projection::Orthographic}) {
            camera.projection = projection;
            const double before = CloudProjection(camera, view).scaleAt(3.0);
            const double after = CloudProjection(dollied(camera, 2.0), view).scaleAt(1.5);
            QVERIFY(std::abs(after - 2.0 * before) < 1e-6);
        }
    }

    void placesLeadBackToThePoint() {
        std::mt19937 random(5);
        std::uniform_real_distribution<float> along(-0.6F, 0.6F);
        for (const CloudCamera& camera : cameras()) {
            const CloudProjection projection(camera, view);
            const QVector3D up = upOf(camera);
            const QVector3D sight = sightOf(camera);
            const QVector3D right = QVector3D::crossProduct(sight, up);
            for (int i = 0; i < 10; ++i) {
                const QVector3D point(along(random), along(random), along(random));
                const auto place = projection.place(point);
                const float depth = QVector3D::dotProduct(point - positionOf(camera), sight);
                QCOMPARE(place.has_value(), depth > 1e-3F);
                if (!place) {
                    continue;
                }
                QVERIFY(std::abs(place->depth - double(depth)) < 1e-4);
                const double scale = projection.scaleAt(place->depth);
                const QPointF offset =
                    (place->pixel - QPointF(view.width() / 2, view.height() / 2)) / scale;
                const QVector3D back = positionOf(camera) + sight * float(place->depth) +
                                       right * float(offset.x()) - up * float(offset.y());
                QVERIFY(isClose(back, point, 2e-4F));
            }
        }
    }

    void projectionsAgreeAtTheFocus() {
        for (CloudCamera camera : cameras()) {
            camera.projection = Projection::Perspective;
            const double perspective = CloudProjection(camera, view).scaleAt(camera.distance);
            camera.projection = Projection::Orthographic;
            const CloudProjection projection(camera, view);
            QVERIFY(std::abs(projection.scaleAt(camera.distance) - perspective) < 1e-6);
            QCOMPARE(projection.scaleAt(1.0), projection.scaleAt(100.0));
        }
    }

    void viewsAreAlongTheirAxes_data() {
        QTest::addColumn<int>("up");
        QTest::addColumn<int>("side");
        QTest::addColumn<QVector3D>("sight");
        QTest::addColumn<QVector3D>("upwards");
        const auto row = [](const char* name, UpAxis up, CameraView side, QVector3D sight,
                            QVector3D upwards) {
            QTest::newRow(name) << int(up) << int(side) << sight << upwards;
        };
        row("front, y up", UpAxis::Y, CameraView::Front, {0, 0, -1}, {0, 1, 0});
        row("side, y up", UpAxis::Y, CameraView::Side, {-1, 0, 0}, {0, 1, 0});
        row("top, y up", UpAxis::Y, CameraView::Top, {0, -1, 0}, {0, 0, -1});
        row("front, z up", UpAxis::Z, CameraView::Front, {0, 1, 0}, {0, 0, 1});
        row("side, z up", UpAxis::Z, CameraView::Side, {-1, 0, 0}, {0, 0, 1});
        row("top, z up", UpAxis::Z, CameraView::Top, {0, 0, -1}, {0, 1, 0});
    }

    void viewsAreAlongTheirAxes() {
        QFETCH(const int, up);
        QFETCH(const int, side);
        QFETCH(const QVector3D, sight);
        QFETCH(const QVector3D, upwards);
        CloudCamera before;
        before.up = UpAxis(up);
        before.azimuth = 77.0;
        before.elevation = -13.0;
        before.distance = 2.5;
        before.focus = {0.1, 0.2, 0.3};
        const CloudCamera camera = turnedTo(before, CameraView(side));
        QVERIFY(isClose(sightOf(camera), sight));
        QVERIFY(isClose(upOf(camera), upwards));
        QCOMPARE(camera.focus, before.focus);
        QCOMPARE(camera.distance, before.distance);
    }

    void fittedCamerasSeeAllOfTheBounds() {
        std::mt19937 random(6);
        std::normal_distribution<float> normal;
        for (CloudCamera camera : cameras()) {
            for (const CloudBounds& bounds : {CloudBounds{}, CloudBounds{{0.2, -0.3, 0.1}, 0.5}}) {
                camera.is_fitted = true;
                const CloudProjection projection(fittedTo(camera, bounds), QSizeF(300, 300));
                const QVector3D center(
                    float(bounds.center[0]), float(bounds.center[1]), float(bounds.center[2]));
                double farthest = 0.0;
                for (int i = 0; i < 2000; ++i) {
                    const QVector3D out(normal(random), normal(random), normal(random));
                    const auto place =
                        projection.place(center + out.normalized() * float(bounds.radius));
                    QVERIFY(place.has_value());
                    farthest = std::max(farthest, std::abs(place->pixel.x() - 150.0));
                    farthest = std::max(farthest, std::abs(place->pixel.y() - 150.0));
                }
                QVERIFY2(
                    farthest <= 150.0 && farthest > 138.0, qPrintable(QString::number(farthest)));
            }
        }
    }

    void camerasThatAreNotFittedStay() {
        CloudCamera camera;
        camera.is_fitted = false;
        camera.focus = {0.5, 0.5, 0.5};
        camera.distance = 0.7;
        QCOMPARE(fittedTo(camera, {}), camera);
    }

    void numbersAreBroughtWithinTheirBounds() {
        const double no_number = std::numeric_limits<double>::quiet_NaN();
        const CloudCamera usual;
        CloudCamera camera;
        camera.azimuth = no_number;
        camera.elevation = no_number;
        camera.distance = std::numeric_limits<double>::infinity();
        camera.view_angle = no_number;
        camera.focus = {no_number, 1e9, -1e9};
        const CloudCamera mended = clamped(camera);
        QCOMPARE(mended.azimuth, usual.azimuth);
        QCOMPARE(mended.elevation, usual.elevation);
        QCOMPARE(mended.distance, usual.distance);
        QCOMPARE(mended.view_angle, usual.view_angle);
        QCOMPARE(mended.focus, (std::array<double, 3>{0.0, 1e3, -1e3}));
        QCOMPARE(clamped(mended), mended);
        camera = {};
        camera.azimuth = 725.0;
        camera.elevation = 100.0;
        camera.distance = 0.0;
        camera.view_angle = 500.0;
        QCOMPARE(clamped(camera).azimuth, 5.0);
        QCOMPARE(clamped(camera).elevation, 90.0);
        QCOMPARE(clamped(camera).distance, nearest_distance);
        QCOMPARE(clamped(camera).view_angle, 120.0);
    }
};

QTEST_GUILESS_MAIN(CloudCameraTest)
#include "cloud_camera_test.moc"
