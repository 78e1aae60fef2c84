#include <array>
#include <cmath>
#include <numbers>

#include <QGuiApplication>
#include <QTest>

#include "cloud_vtk_fixture.h"

using namespace vitreous;
using namespace vitreous::samples;

Q_DECLARE_METATYPE(vitreous::CloudFrame)
Q_DECLARE_METATYPE(vitreous::CloudCamera)

namespace {

constexpr std::array<std::uint8_t, 3> own_bytes = {200, 40, 90};
constexpr QRgb own = 0xffc8285a;

/// So much of one colour over another, as QPainter and the heat maps round.
QRgb blended(QRgb lower, QRgb upper, float opacity) {
    const auto channel = [opacity](int a, int b) {
        return int(std::lround(float(a) * (1.0F - opacity) + float(b) * opacity));
    };
    return qRgb(
        channel(qRed(lower), qRed(upper)), channel(qGreen(lower), qGreen(upper)),
        channel(qBlue(lower), qBlue(upper)));
}

/// One point in the middle between the centres of two groups, a third one far away.
CloudFrame pointBetweenGroups(std::vector<float> values) {
    const std::vector<std::uint8_t> colors(own_bytes.begin(), own_bytes.end());
    const auto shape = shapeOf({0.0F, 0.0F, 0.0F}, colors);
    CloudFrame frame = frameOf(shape);
    CloudCell& cell = frame.cells.front();
    cell.weights = weightsOf(*shape, {0.1F, 0, 0, -0.3F, 0, 0, 0, 0.6F, 0});
    cell.values = std::move(values);
    return frame;
}

} // namespace

class CloudVtkTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        renderer_ = makeVtkRenderer();
        if (renderer_ == nullptr) {
            QVERIFY2(
                qEnvironmentVariableIntValue("VITREOUS_REQUIRE_GL") == 0,
                "VITREOUS_REQUIRE_GL is set and VTK cannot draw");
            QSKIP("no OpenGL 3.3 here");
        }
    }
    void init() {
        // VTK's messages and OpenGL's errors are warnings.
        QTest::failOnWarning(QRegularExpression(".*"));
    }
    void cleanupTestCase() { renderer_.reset(); }

    void colorsPoints_data() {
        QTest::addColumn<CloudFrame>("frame");
        QTest::addColumn<QRgb>("color");
        const auto row = [](const char* name, const CloudFrame& frame, QRgb color) {
            QTest::newRow(name) << frame << color;
        };
        const auto map = [](std::size_t entry) { return mapColor(Colormap::Viridis, entry); };
        const auto with = [](std::vector<float> values, const auto& edit) {
            CloudFrame frame = pointBetweenGroups(std::move(values));
            edit(frame.look, frame.cells.front());
            return frame;
        };
        const auto as_it_is = [](CloudLook&, CloudCell&) {};
        const auto raw = [](CloudLook& look, CloudCell&) { look.values = GroupValues::Raw; };
        row("low", pointBetweenGroups({0, 0, 0}), map(0));
        row("high", pointBetweenGroups({1, 1, 1}), map(255));
        row("middle", pointBetweenGroups({0.5F, 0.5F, 0.5F}), map(128));
        row("below", pointBetweenGroups({-7, -7, -7}), map(0));
        row("above", pointBetweenGroups({7, 7, 7}), map(255));
        row("of another range",
            with(
                {15, 15, 15},
                [](CloudLook&, CloudCell& cell) {
                    cell.low = 10;
                    cell.high = 20;
                }),
            map(128));
        row("a range without extent",
            with(
                {3, 3, 3},
                [](CloudLook&, CloudCell& cell) {
                    cell.low = 3;
                    cell.high = 3;
                }),
            map(0));
        row("another colour map",
            with(
                {1, 1, 1}, [](CloudLook& look, CloudCell&) { look.colormap = Colormap::Coolwarm; }),
            mapColor(Colormap::Coolwarm, 255));
        // Distances 0.1, 0.3 and 0.6: shares 6/9, 2/9, 1/9.
        row("weighted", with({0, 1, 1}, as_it_is), map(85));
        row("raw: of the nearest", with({0.2F, 1, 1}, raw), map(51));
        row("weighted, the nearest has none", with({missing, 1, 0}, as_it_is), map(170));
        row("raw, the nearest has none", with({missing, 1, 1}, raw), no_value);
        row("no group has one", with({missing, missing, INFINITY}, as_it_is), no_value);
        row("values that are missing have none", with({}, as_it_is), no_value);
        row("at the threshold",
            with({0.5F, 0.5F, 0.5F}, [](CloudLook& look, CloudCell&) { look.threshold = 0.5F; }),
            map(128));
        row("below the threshold",
            with({0.49F, 0.49F, 0.49F}, [](CloudLook& look, CloudCell&) { look.threshold = 0.5F; }),
            own);
        row("through", with({1, 1, 1}, [](CloudLook& look, CloudCell&) { look.opacity = 0.3F; }),
            blended(own, map(255), 0.3F));
        row("through to no colour of its own",
            with(
                {1, 1, 1},
                [](CloudLook& look, CloudCell& cell) {
                    look.opacity = 0.3F;
                    cell.shape = shapeOf({0, 0, 0});
                }),
            blended(plain, map(255), 0.3F));
        row("without groups", with({}, [](CloudLook&, CloudCell& cell) { cell.weights = nullptr; }),
            own);
        row("without groups and colours", frameOf(shapeOf({0, 0, 0})), plain);
    }
    void colorsPoints() {
        QFETCH(CloudFrame, frame);
        QFETCH(QRgb, color);
        const QImage image = renderer_->render(frame);
        QCOMPARE(image.format(), QImage::Format_RGB32);
        QCOMPARE(image.size(), frame.size);
        QCOMPARE(QColor(image.pixel(100, 100)), QColor(color));
        QCOMPARE(QColor(image.pixel(0, 0)), QColor(ground));
        QCOMPARE(image.pixel(150, 150) >> 24U, 0xffU);
    }

    void pointsAreDiscs_data() {
        QTest::addColumn<double>("diameter");
        for (const double diameter : {1.0, 1.5, 2.0, 3.0, 7.5, 20.0, 60.0}) {
            QTest::addRow("%.1f", diameter) << diameter;
        }
    }
    void pointsAreDiscs() {
        QFETCH(double, diameter);
        int pixels = 0;
        for (const float shift : {0.0F, 0.0007F, 0.0014F, 0.0021F, 0.003F}) {
            const CloudFrame frame =
                frameOf(shapeOf({shift, 2.0F * shift, 0.0F}), {200, 200}, diameter);
            const QImage image = renderer_->render(frame);
            int drawn = 0;
            const QPointF middle = middleOf(image, plain, &drawn);
            QCOMPARE(drawn, differentFrom(image, ground));
            const double area = std::numbers::pi * diameter * diameter / 4.0;
            const double half_a_rim = std::max(std::numbers::pi * diameter * 0.25, 1.0);
            QVERIFY2(
                std::abs(drawn - area) <= half_a_rim,
                qPrintable(QStringLiteral("%1 for %2").arg(drawn).arg(area)));
            const QPointF away = middle - placeIn(frame, frame.cells.front(), 0);
            QVERIFY(std::hypot(away.x(), away.y()) < 1.0);
            // Wherever between the pixels its middle is.
            QVERIFY(pixels == 0 || pixels == drawn);
            pixels = drawn;
        }
    }

    void placesPoints_data() {
        QTest::addColumn<CloudCamera>("camera");
        const auto row = [](const char* name, const auto& edit) {
            CloudCamera camera;
            edit(camera);
            QTest::newRow(name) << clamped(camera);
        };
        row("usual", [](CloudCamera&) {});
        row("z is up", [](CloudCamera& camera) { camera.up = UpAxis::Z; });
        row("from above", [](CloudCamera& camera) { camera = turnedTo(camera, CameraView::Top); });
        row("wide", [](CloudCamera& camera) { camera.view_angle = 70.0; });
        row("moved", [](CloudCamera& camera) { camera.focus = {0.3, -0.2, 0.1}; });
        row("within the cloud", [](CloudCamera& camera) {
            camera.distance = 0.3;
            camera.view_angle = 90.0;
        });
        row("nearest", [](CloudCamera& camera) {
            camera.distance = nearest_distance;
            camera.focus = {0.5, 0.0, 0.0};
        });
        row("farthest", [](CloudCamera& camera) {
            camera.distance = farthest_distance;
            camera.view_angle = 1.0;
        });
        row("orthographic",
            [](CloudCamera& camera) { camera.projection = Projection::Orthographic; });
        row("orthographic, within the cloud", [](CloudCamera& camera) {
            camera.projection = Projection::Orthographic;
            camera.distance = 0.5;
            camera.view_angle = 100.0;
        });
    }
    /// Each point alone, where CloudProjection says; none that it does not see.
    void placesPoints() {
        QFETCH(CloudCamera, camera);
        const std::vector<std::array<float, 3>> points = {
            {0.5F, 0.0F, 0.0F},   {0.0F, 0.6F, 0.0F},  {0.0F, 0.0F, 0.7F}, {-0.5F, 0.2F, 0.1F},
            {0.1F, -0.6F, -0.3F}, {0.2F, 0.3F, -0.7F}, {0.0F, 0.0F, 0.0F}, {0.501F, 0.002F, 0.0F}};
        int seen = 0;
        for (const auto& point : points) {
            CloudFrame frame = frameOf(shapeOf({point[0], point[1], point[2]}), {320, 200}, 5.0);
            frame.look.camera = camera;
            const QImage image = renderer_->render(frame);
            const QPointF place = placeIn(frame, frame.cells.front(), 0);
            const QRectF clear = QRectF(QPointF(), QSizeF(frame.size)).adjusted(4, 4, -4, -4);
            if (clear.contains(place)) {
                const QPointF away = middleOf(image, plain) - place;
                QVERIFY2(
                    std::hypot(away.x(), away.y()) < 1.0,
                    qPrintable(QStringLiteral("%1, %2 beside").arg(away.x()).arg(away.y())));
                ++seen;
            } else if (!clear.adjusted(-12, -12, 12, 12).contains(place)) {
                QCOMPARE(differentFrom(image, ground), 0);
            }
        }
        QVERIFY(seen > 0);
    }

    void placesPointsFarFromTheOrigin() {
        auto shape = std::make_shared<CloudShape>();
        shape->cloud = std::make_shared<PointCloud>(
            PointCloud{{4096.0F, -8192.0F, 1024.0F, 4097.0F, -8192.0F, 1024.0F}, {}, {}, 0});
        shape->sphere = {{4096.5, -8192.0, 1024.0}, 0.5};
        CloudFrame frame = frameOf(shape, {400, 400}, 5.0);
        frame.look.camera.distance = 0.02;
        frame.look.camera.focus = {1.001, 0.002, 0.0};
        const QImage image = renderer_->render(frame);
        const QPointF away = middleOf(image, plain) - placeIn(frame, frame.cells.front(), 1);
        QVERIFY2(
            std::hypot(away.x(), away.y()) < 1.0,
            qPrintable(QStringLiteral("%1, %2 beside").arg(away.x()).arg(away.y())));
    }

    /// A cloud may stand out of its unit sphere where that was made for some of its points.
    void placesPointsOutsideOfTheUnitSphere() {
        for (const float z : {3.0F, -9.0F}) {
            const CloudFrame frame = frameOf(shapeOf({0.05F, 0.0F, z}));
            const QPointF away =
                middleOf(renderer_->render(frame), plain) - placeIn(frame, frame.cells.front(), 0);
            QVERIFY(std::hypot(away.x(), away.y()) < 1.0);
        }
    }

    void nearCoversFar() {
        // The nearer one is drawn first, then last.
        for (const float z : {0.5F, -0.5F}) {
            const auto shape = shapeOf({0, 0, z, 0, 0, -z}, {255, 0, 0, 0, 0, 255});
            const QImage image = renderer_->render(frameOf(shape));
            QCOMPARE(QColor(image.pixel(100, 100)), QColor(z > 0 ? Qt::red : Qt::blue));
        }
    }

    void pointsThatAreEqualAreDrawn() {
        auto shape = std::make_shared<CloudShape>(*shapeOf({5, 5, 5, 5, 5, 5}));
        shape->sphere = unitSphereOf(shape->cloud->positions);
        QCOMPARE(shape->sphere.radius, 0.0);
        const QImage image = renderer_->render(frameOf(shape));
        QCOMPARE(QColor(image.pixel(100, 100)), QColor(plain));
    }

    void allCellsHaveOneCamera() {
        const auto shape = shapeOf({0.4F, 0.3F, 0.2F});
        CloudFrame frame = flatFrame({500, 260}, 5.0);
        frame.look.camera.azimuth = 40.0;
        for (const QRect& rect :
             {QRect(0, 0, 200, 200), QRect(210, 10, 280, 120), QRect(230, 140, 60, 110),
              QRect(301, 141, 199, 119)}) {
            CloudCell cell;
            cell.rect = rect;
            cell.shape = shape;
            frame.cells.push_back(cell);
        }
        for (const CloudShading shading : {CloudShading::None, CloudShading::EyeDome}) {
            frame.look.shading = shading;
            const QImage image = renderer_->render(frame);
            for (const CloudCell& cell : frame.cells) {
                const QPointF away = middleOf(image.copy(cell.rect), plain) +
                                     QPointF(cell.rect.topLeft()) - placeIn(frame, cell, 0);
                QVERIFY2(
                    std::hypot(away.x(), away.y()) < 1.0,
                    qPrintable(QStringLiteral("%1, %2 beside").arg(away.x()).arg(away.y())));
            }
            // Between the cells, and in the lower left corner of all.
            QCOMPARE(QColor(image.pixel(205, 100)), QColor(ground));
            QCOMPARE(QColor(image.pixel(0, 259)), QColor(ground));
        }
    }

    void eachCellHasItsOwnValues() {
        CloudFrame frame = flatFrame({300, 100}, 9.0);
        const CloudFrame one = pointBetweenGroups({0, 0, 0});
        for (int i = 0; i < 3; ++i) {
            CloudCell cell = one.cells.front();
            cell.rect = QRect(100 * i, 0, 100, 100);
            cell.values.assign(3, float(i));
            cell.high = 2.0F;
            frame.cells.push_back(cell);
        }
        frame.cells[1].high = 1.0F;
        const QImage image = renderer_->render(frame);
        QCOMPARE(QColor(image.pixel(50, 50)), QColor(mapColor(Colormap::Viridis, 0)));
        QCOMPARE(QColor(image.pixel(150, 50)), QColor(mapColor(Colormap::Viridis, 255)));
        QCOMPARE(QColor(image.pixel(250, 50)), QColor(mapColor(Colormap::Viridis, 255)));
        frame.cells[2].high = 4.0F;
        QCOMPARE(
            QColor(renderer_->render(frame).pixel(250, 50)),
            QColor(mapColor(Colormap::Viridis, 128)));
    }

    void manyGroups() {
        // As many as there may be; every 4096th of them is looked at.
        constexpr std::size_t groups = 65536;
        std::vector<float> centers;
        std::vector<float> xyz;
        std::vector<float> values;
        for (std::size_t group = 0; group < groups; ++group) {
            const float x = float(group % 256) / 256.0F - 0.5F;
            const std::size_t row = group / 256;
            const float y = float(row) / 256.0F - 0.5F;
            centers.insert(centers.end(), {x, y, 0.0F});
            if (group % 4096 == 16) {
                xyz.insert(xyz.end(), {x, y, 0.0F});
            }
            values.push_back(float(group));
        }
        const auto shape = shapeOf(xyz);
        CloudFrame frame = frameOf(shape, {300, 300}, 5.0);
        CloudCell& cell = frame.cells.front();
        cell.weights = weightsOf(*shape, centers);
        cell.values = values;
        cell.high = float(groups - 1);
        const QImage image = renderer_->render(frame);
        for (std::size_t point = 0; point < xyz.size() / 3; ++point) {
            const float place = float(point * 4096 + 16) / float(groups - 1);
            const QRgb color =
                mapColor(Colormap::Viridis, std::size_t(std::lround(place * 255.0F)));
            QCOMPARE(QColor(colorAt(image, placeIn(frame, cell, point))), QColor(color));
        }
    }

    void drawsSomeOfManyPoints() {
        std::vector<float> xyz;
        for (int i = 0; i < 1000; ++i) {
            const int row = i / 40;
            xyz.insert(
                xyz.end(), {float(i % 40) / 40.0F - 0.499F, float(row) / 40.0F - 0.299F, 0.0F});
        }
        const auto shape = shapeOf(xyz);
        CloudFrame frame = frameOf(shape, {800, 800}, 1.0);
        const auto drawn = [&](std::size_t most_points) {
            frame.most_points = most_points;
            return differentFrom(renderer_->render(frame), ground);
        };
        QCOMPARE(drawn(0), 1000);
        QCOMPARE(drawn(1000), 1000);
        QCOMPARE(drawn(100), 100);
        QCOMPARE(drawn(300), 250);
        QCOMPARE(drawn(1), 1);
        QCOMPARE(drawn(999), 500);
        QCOMPARE(drawn(0), 1000);
        // Every tenth, not the first hundred.
        frame.most_points = 100;
        const QImage image = renderer_->render(frame);
        for (const std::size_t point : {0U, 10U, 500U, 990U}) {
            QCOMPARE(
                QColor(colorAt(image, placeIn(frame, frame.cells.front(), point))), QColor(plain));
        }
        QCOMPARE(QColor(colorAt(image, placeIn(frame, frame.cells.front(), 5))), QColor(ground));
    }

private:
    std::unique_ptr<CloudRenderer> renderer_;
};

int main(int argc, char** argv) {
    QGuiApplication application(argc, argv);
    CloudVtkTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "cloud_vtk_test.moc"
