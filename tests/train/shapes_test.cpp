// Shapes: decided by their keys, whole, even over their surfaces; their files say what they are.

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include <QTemporaryDir>
#include <QTest>

#include "core/points/cloud_file.h"
#include "core/train/shape_data.h"
#include "core/train/shape_file.h"
#include "core/train/surfaces.h"
#include "tests/support/failure.h"
#include "tests/support/hindrance.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

constexpr std::size_t kDrawn = 20000;

/// Points drawn from a list of surfaces, each in its share.
std::vector<Vec3> drawn(const SurfaceList& list) {
    double sum = 0.0;
    for (const Surface& surface : list.surfaces()) {
        sum += surface.area;
    }
    Random random{7};
    std::vector<Vec3> points;
    for (const Surface& surface : list.surfaces()) {
        const auto count = std::size_t(std::lround(double(kDrawn) * surface.area / sum));
        for (std::size_t i = 0; i < count; ++i) {
            points.push_back(surface.draw(random));
        }
    }
    return points;
}

double areaOf(const SurfaceList& list) {
    double sum = 0.0;
    for (const Surface& surface : list.surfaces()) {
        sum += surface.area;
    }
    return sum;
}

template <typename Where>
double shareOf(const std::vector<Vec3>& points, Where where) {
    return double(std::count_if(points.begin(), points.end(), where)) / double(points.size());
}

bool isNear(double found, double expected, double tolerance) {
    return std::abs(found - expected) <= tolerance;
}

constexpr double kOfChance = 0.015; // four deviations of a share of so many points

} // namespace

class ShapesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theKeyDecides() {
        const Shape shape = makeShape(3, {.seed = 5, .epoch = 2, .item = 9}, 300);
        const Shape again = makeShape(3, {.seed = 5, .epoch = 2, .item = 9}, 300);
        QVERIFY(again.cloud == shape.cloud);
        QVERIFY(again.parts == shape.parts);
        for (const ShapeKey& other :
             {ShapeKey{.seed = 6, .epoch = 2, .item = 9},
              ShapeKey{.seed = 5, .epoch = 3, .item = 9},
              ShapeKey{.seed = 5, .epoch = 2, .item = 10}}) {
            QVERIFY(makeShape(3, other, 300).cloud != shape.cloud);
        }
        QVERIFY(makeShape(4, {.seed = 5, .epoch = 2, .item = 9}, 300).cloud != shape.cloud);
    }

    void areTheSameOnEveryMachine_data() {
        QTest::addColumn<int>("label");
        QTest::addColumn<QList<double>>("last");
        QTest::addColumn<int>("part");
        QTest::newRow("airplane") << 0 << QList<double>{0.058381, 0.034468, -0.013210} << 0;
        QTest::newRow("chair") << 3 << QList<double>{0.039837, 0.414087, 0.128581} << 0;
        QTest::newRow("guitar") << 4 << QList<double>{0.054843, 0.418199, 0.018180} << 0;
        QTest::newRow("mug") << 6 << QList<double>{0.251050, 0.552189, -0.037286} << 0;
    }
    void areTheSameOnEveryMachine() {
        QFETCH(int, label);
        QFETCH(QList<double>, last);
        QFETCH(int, part);
        const Shape shape = makeShape(label, {.seed = 0, .epoch = 0, .item = 0}, 200);
        const float* found = &shape.cloud.positions[3 * 199];
        for (std::size_t axis = 0; axis < 3; ++axis) {
            QVERIFY2(
                isNear(double(found[axis]), last[qsizetype(axis)], 1e-5),
                qPrintable(QString("%1, %2, %3 of part %4")
                               .arg(double(found[0]), 0, 'f', 6)
                               .arg(double(found[1]), 0, 'f', 6)
                               .arg(double(found[2]), 0, 'f', 6)
                               .arg(shape.parts[199])));
        }
        QCOMPARE(int(shape.parts[199]), part);
    }

    void areWhole_data() {
        QTest::addColumn<int>("label");
        for (std::size_t label = 0; label < shapeClasses().size(); ++label) {
            QTest::newRow(shapeClasses()[label].c_str()) << int(label);
        }
    }
    void areWhole() {
        QFETCH(int, label);
        const std::size_t names = shapeParts(label).size();
        std::set<std::uint8_t> seen;
        for (std::uint64_t item = 0; item < 40; ++item) {
            const Shape shape = makeShape(label, {.seed = 1, .epoch = 0, .item = item}, 500);
            QCOMPARE(shape.cloud.size(), std::size_t(500));
            QCOMPARE(shape.parts.size(), std::size_t(500));
            QVERIFY(shape.cloud.colors.empty());
            const std::set<std::uint8_t> parts(shape.parts.begin(), shape.parts.end());
            QVERIFY(*parts.rbegin() < names);
            seen.insert(parts.begin(), parts.end());
            double low = 1e9;
            double high = -1e9;
            for (std::size_t i = 0; i < 500; ++i) {
                for (std::size_t axis = 0; axis < 3; ++axis) {
                    const float value = shape.cloud.positions[3 * i + axis];
                    QVERIFY(std::isfinite(value) && std::abs(value) < 2.0F);
                }
                low = std::min(low, double(shape.cloud.positions[3 * i + 1]));
                high = std::max(high, double(shape.cloud.positions[3 * i + 1]));
            }
            QVERIFY2(high - low > 0.1 && high - low < 1.7, qPrintable(QString::number(high - low)));
        }
        // Every part that has a name is made.
        QCOMPARE(seen.size(), names);
    }

    void someAreCutOffAndSomeStandAmongOthers() {
        int off_center = 0;
        int among = 0;
        for (std::uint64_t item = 0; item < 100; ++item) {
            // A stool stands in the middle: the centre of its seat is its axis, if none is cut off.
            const Shape shape = makeShape(8, {.seed = 2, .epoch = 0, .item = item}, 2000);
            double x = 0.0;
            double z = 0.0;
            double seat = 0.0;
            double background = 0.0;
            for (std::size_t i = 0; i < shape.parts.size(); ++i) {
                background += shape.parts[i] == shapeParts(8).size() - 1 ? 1.0 : 0.0;
                if (shape.parts[i] == 0) {
                    x += double(shape.cloud.positions[3 * i]);
                    z += double(shape.cloud.positions[3 * i + 2]);
                    seat += 1.0;
                }
            }
            off_center += std::hypot(x, z) / seat > 0.03 ? 1 : 0;
            among += background > 0.0 ? 1 : 0;
            QVERIFY(background == 0.0 || (background >= 100.0 && background <= 600.0));
        }
        QVERIFY2(off_center > 20 && off_center < 65, qPrintable(QString::number(off_center)));
        QVERIFY2(among > 40 && among < 80, qPrintable(QString::number(among)));
    }

    void aBoxIsEven() {
        SurfaceList list;
        list.box(frameAt(1.0, 2.0, 3.0), {0.5, 0.2, 0.1});
        QVERIFY(isNear(areaOf(list), 8.0 * (0.5 * 0.2 + 0.2 * 0.1 + 0.5 * 0.1), 1e-12));
        const auto points = drawn(list);
        for (const Vec3& p : points) {
            const double x = std::abs(p[0] - 1.0) / 0.5;
            const double y = std::abs(p[1] - 2.0) / 0.2;
            const double z = std::abs(p[2] - 3.0) / 0.1;
            QVERIFY(isNear(std::max({x, y, z}), 1.0, 1e-9));
        }
        const auto above = [](const Vec3& p) { return p[1] > 2.2 - 1e-9; };
        QVERIFY(isNear(shareOf(points, above), 0.5 * 0.1 / 0.34, kOfChance));
    }

    void wallsAndDiscsAreEven() {
        SurfaceList cone;
        cone.wall({}, 1.0, 0.0, 2.0);
        QVERIFY(isNear(areaOf(cone), std::numbers::pi * std::sqrt(5.0), 1e-9));
        const auto on_cone = drawn(cone);
        for (const Vec3& p : on_cone) {
            QVERIFY(isNear(std::hypot(p[0], p[2]), 1.0 - p[1] / 2.0, 1e-9));
        }
        // Half as wide at half its height: a quarter of the area is above.
        QVERIFY(
            isNear(shareOf(on_cone, [](const Vec3& p) { return p[1] > 1.0; }), 0.25, kOfChance));

        SurfaceList cylinder;
        cylinder.cylinder(frameAt(0.0, 1.0, 0.0), 0.5, 0.5, 1.0);
        QVERIFY(isNear(areaOf(cylinder), std::numbers::pi * 1.5, 1e-9));
        const auto on_cylinder = drawn(cylinder);
        QVERIFY(isNear(
            shareOf(on_cylinder, [](const Vec3& p) { return p[1] > 2.0 - 1e-9; }), 1.0 / 6.0,
            kOfChance));
        QVERIFY(isNear(
            shareOf(on_cylinder, [](const Vec3& p) { return p[1] > 1.25 && p[1] < 1.5; }),
            1.0 / 6.0, kOfChance));

        SurfaceList ring;
        ring.disc({}, 1.0, 2.0);
        const auto on_ring = drawn(ring);
        QVERIFY(isNear(
            shareOf(on_ring, [](const Vec3& p) { return std::hypot(p[0], p[2]) < 1.5; }),
            1.25 / 3.0, kOfChance));
    }

    void roundOnesAreEven() {
        SurfaceList ball;
        ball.ellipsoid({}, {2.0, 2.0, 2.0});
        QVERIFY(isNear(areaOf(ball), 16.0 * std::numbers::pi, 1e-6));
        // Archimedes: as much area in every slice.
        QVERIFY(isNear(
            shareOf(drawn(ball), [](const Vec3& p) { return p[2] > 1.0; }), 0.25, kOfChance));
        SurfaceList plate;
        plate.ellipsoid({}, {1.0, 1.0, 0.01});
        const auto on_plate = drawn(plate);
        for (const Vec3& p : on_plate) {
            QVERIFY(isNear(p[0] * p[0] + p[1] * p[1] + p[2] * p[2] * 1e4, 1.0, 1e-9));
        }
        // Nearly two discs.
        QVERIFY(isNear(areaOf(plate), 2.0 * std::numbers::pi, 0.1));
        QVERIFY(isNear(
            shareOf(on_plate, [](const Vec3& p) { return std::hypot(p[0], p[1]) < 0.5; }), 0.25,
            kOfChance));
        SurfaceList torus;
        torus.torus({}, 1.0, 0.5, 180.0);
        QVERIFY(isNear(areaOf(torus), std::numbers::pi * std::numbers::pi, 1e-9));
        const auto on_torus = drawn(torus);
        for (const Vec3& p : on_torus) {
            QVERIFY(p[1] > -1e-9);
            QVERIFY(isNear(std::hypot(std::hypot(p[0], p[1]) - 1.0, p[2]), 0.5, 1e-9));
        }
        QVERIFY(isNear(
            shareOf(on_torus, [](const Vec3& p) { return std::hypot(p[0], p[1]) > 1.0; }),
            0.5 + 0.5 / std::numbers::pi, kOfChance));
    }

    void framesTurnByTheRightHand() {
        const Frame about_y = Frame{}.turned(1, 90.0);
        const Vec3 z_to_x = about_y.at({0.0, 0.0, 1.0});
        QVERIFY(isNear(z_to_x[0], 1.0, 1e-12) && isNear(z_to_x[2], 0.0, 1e-12));
        const Vec3 y_to_z = Frame{}.turned(0, 90.0).at({0.0, 1.0, 0.0});
        QVERIFY(isNear(y_to_z[2], 1.0, 1e-12));
        const Vec3 x_to_y = Frame{}.turned(2, 90.0).at({1.0, 0.0, 0.0});
        QVERIFY(isNear(x_to_y[1], 1.0, 1e-12));
        const Frame along = frameAlong({1.0, 2.0, 3.0}, {1.0, 2.0, 5.0});
        const Vec3 top = along.at({0.0, 2.0, 0.0});
        QVERIFY(isNear(top[0], 1.0, 1e-12) && isNear(top[2], 5.0, 1e-12));
        // z is x by y.
        QVERIFY(isNear(along.x[0] * along.y[1] - along.x[1] * along.y[0], along.z[2], 1e-12));
        QVERIFY(isNear(along.x[1] * along.y[2] - along.x[2] * along.y[1], along.z[0], 1e-12));
    }

    void filesSayWhatTheyAre() {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("chair.ply").toStdString();
        const Shape shape = makeShape(3, {.seed = 1, .epoch = 0, .item = 4}, 700);
        writeShape(path, shape, 3);
        QVERIFY(readPointCloud(path) == shape.cloud);
        const std::string bytes = bytesOf(path);
        QVERIFY(
            bytes.find("comment class chair\ncomment parts seat back leg arm background\n") < 200);
        const std::size_t body = bytes.find("end_header\n") + 11;
        QCOMPARE(bytes.size() - body, std::size_t(700 * 13));
        for (std::size_t i = 0; i < 700; ++i) {
            QCOMPARE(std::uint8_t(bytes[body + 13 * i + 12]), shape.parts[i]);
        }
        const FullDisk disk(1000);
        QCOMPARE(failureOf([&] { writeShape(path, shape, 3); }).code, ErrorCode::Resource);
        QCOMPARE(bytesOf(path), bytes);
    }

    void trainingAndTestAreApart() {
        Recipe recipe;
        recipe.shapes = true;
        recipe.points = 64;
        recipe.groups = 8;
        recipe.group_size = 4;
        const ShapeData training(recipe, Split::Train);
        const ShapeData testing(recipe, Split::Test);
        QCOMPARE(training.size(), trainingShapes);
        QCOMPARE(testing.size(), testShapes);
        QCOMPARE(testing.label(13), 3);
        // What a model is tested on depends on no seed, what it is trained on does.
        recipe.seed = 2;
        const ShapeData other(recipe, Split::Train);
        QVERIFY(other.testing(5) == training.testing(5));
        QVERIFY(testing.testing(5) == training.testing(5));
        QVERIFY(other.training(0, 5) != training.training(0, 5));
        QVERIFY(training.training(1, 5) != training.training(0, 5));
        QVERIFY(training.training(0, 5) != training.testing(5));
        const Sample sample = training.training(0, 5);
        QCOMPARE(sample[0].shape, (std::vector<std::int64_t>{8, 3}));
        QCOMPARE(sample[1].shape, (std::vector<std::int64_t>{8, 4, 3}));
        // As many points as are sampled, to twice as many.
        std::set<std::size_t> counts;
        for (std::uint64_t item = 0; item < 50; ++item) {
            counts.insert(shapeOf({.seed = 0, .epoch = 0, .item = item}, 64).cloud.size());
        }
        QVERIFY(*counts.begin() >= 64 && *counts.rbegin() <= 128 && counts.size() > 20);
        QVERIFY(training.digest() != testing.digest());
    }
};

QTEST_GUILESS_MAIN(ShapesTest)
#include "shapes_test.moc"
