// Where the points of a cloud are drawn: each against CloudProjection, and what is in front.
#include <map>
#include <set>

#include <QTest>

#include "cloud_frames.h"

using namespace vitreous;
using namespace vitreous::samples;

namespace {

/// Every point of the cloud in its own colour by the book, a pixel each.
QImage expected(const CloudShape& shape, const CloudLook& look, int side) {
    QImage image(side, side, QImage::Format_RGB32);
    image.fill(ground);
    const CloudProjection projection(look.camera, QSizeF(side, side));
    std::map<std::pair<int, int>, double> depths;
    for (std::size_t point = 0; point < shape.cloud->size(); ++point) {
        const auto place = projection.place(pointAt(shape, point));
        if (!place) {
            continue;
        }
        const int x = int(std::floor(place->pixel.x()));
        const int y = int(std::floor(place->pixel.y()));
        if (!image.rect().contains(x, y)) {
            continue;
        }
        const auto known = depths.find({x, y});
        if (known == depths.end() || place->depth < known->second) {
            depths[{x, y}] = place->depth;
            image.setPixel(x, y, distinctColor(point));
        }
    }
    return image;
}

/// Pixels that differ.
int differing(const QImage& a, const QImage& b) {
    int count = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x) {
            count += a.pixel(x, y) != b.pixel(x, y) ? 1 : 0;
        }
    }
    return count;
}

/// The pixels that are not the ground.
QRect covered(const QImage& image, int* pixels = nullptr) {
    QRect rect;
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (image.pixel(x, y) != ground) {
                rect |= QRect(x, y, 1, 1);
                ++count;
            }
        }
    }
    if (pixels != nullptr) {
        *pixels = count;
    }
    return rect;
}

} // namespace

class CloudProjectionTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pointsAreWhereTheProjectionSays_data() {
        QTest::addColumn<bool>("is_perspective");
        QTest::addColumn<bool>("is_z_up");
        QTest::addColumn<double>("distance");
        for (const bool is_perspective : {true, false}) {
            for (const bool is_z_up : {true, false}) {
                // Around the cloud, and from its inside.
                for (const double distance : {4.0, 0.3}) {
                    QTest::addRow("%d %d %g", is_perspective, is_z_up, distance)
                        << is_perspective << is_z_up << distance;
                }
            }
        }
    }

    void pointsAreWhereTheProjectionSays() {
        QFETCH(const bool, is_perspective);
        QFETCH(const bool, is_z_up);
        QFETCH(const double, distance);
        const auto shape = cloudOf(ballPoints(4000), distinctColors(4000));
        CloudLook look = plainLook();
        look.camera.projection =
            is_perspective ? Projection::Perspective : Projection::Orthographic;
        look.camera.up = is_z_up ? UpAxis::Z : UpAxis::Y;
        look.camera.azimuth = 37.0;
        look.camera.elevation = -21.0;
        look.camera.distance = distance;
        look.camera.focus = {0.1, -0.2, 0.05};
        const QImage image = drawn(frameOf(shape, 101, look));
        const QImage wanted = expected(*shape, look, 101);
        int points = 0;
        covered(wanted, &points);
        QVERIFY2(points > 30, qPrintable(QString::number(points)));
        // Floats may put one that is at the edge of a pixel into the next.
        const int others = differing(image, wanted);
        QVERIFY2(others <= points / 200 + 2, qPrintable(QString::number(others)));
    }

    void cloudsFarFromTheOriginLoseNothing() {
        const std::vector<float> near = ballPoints(3000);
        auto cloud = std::make_shared<PointCloud>();
        // Halves of a power of two: the sums are exact in float32.
        for (std::size_t i = 0; i < near.size(); ++i) {
            cloud->positions.push_back(3e5F + std::round(near[i] * 16.0F) * 0.0625F * 8.0F);
        }
        cloud->colors = distinctColors(3000);
        CloudShape far{cloud, UnitSphere{{3e5, 3e5, 3e5}, 8.0}, {}};
        std::vector<float> moved;
        for (const float value : cloud->positions) {
            moved.push_back((value - 3e5F) / 8.0F);
        }
        CloudLook look = plainLook(Projection::Perspective);
        look.camera.azimuth = 10.0;
        const QImage image = drawn(frameOf(std::make_shared<const CloudShape>(far), 101, look));
        const QImage wanted = drawn(frameOf(cloudOf(moved, cloud->colors), 101, look));
        QVERIFY(!covered(wanted).isEmpty());
        QCOMPARE(image, wanted);
        // A centre between two float32 counts too.
        far.sphere.center[0] += 0.01;
        const QImage shifted = drawn(frameOf(std::make_shared<const CloudShape>(far), 101, look));
        QVERIFY(differing(shifted, expected(far, look, 101)) < 10);
    }

    void nearCoversFar_data() {
        QTest::addColumn<bool>("is_perspective");
        QTest::addColumn<bool>("is_near_first");
        for (const bool is_perspective : {true, false}) {
            for (const bool is_near_first : {true, false}) {
                QTest::addRow("%d %d", is_perspective, is_near_first)
                    << is_perspective << is_near_first;
            }
        }
    }

    void nearCoversFar() {
        QFETCH(const bool, is_perspective);
        QFETCH(const bool, is_near_first);
        const float first = is_near_first ? 0.001F : -0.001F;
        CloudLook look =
            plainLook(is_perspective ? Projection::Perspective : Projection::Orthographic);
        look.point_size = 7.0;
        const auto shape = cloudOf({0.0F, 0.0F, first, 0.0F, 0.0F, -first}, {1, 1, 1, 2, 2, 2});
        const QImage image = drawn(frameOf(shape, 41, look));
        const QRgb near = is_near_first ? qRgb(1, 1, 1) : qRgb(2, 2, 2);
        int pixels = 0;
        covered(image, &pixels);
        QVERIFY(pixels > 20);
        for (int y = 0; y < 41; ++y) {
            for (int x = 0; x < 41; ++x) {
                QVERIFY(image.pixel(x, y) == near || image.pixel(x, y) == ground);
            }
        }
    }

    void equalDepthsTakeTheFirst() {
        const auto shape = cloudOf({0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F}, {1, 1, 1, 2, 2, 2});
        QCOMPARE(drawn(frameOf(shape, 41)).pixel(20, 20), qRgb(1, 1, 1));
    }

    void discsPartHalfWay() {
        // As deep and nearer to each other than their size.
        const CloudProjection projection(plainLook().camera, QSizeF(101, 101));
        const float pixel = float(1.0 / projection.scaleAt(1.0));
        const auto shape = cloudOf({-4 * pixel, 0, 0, 4 * pixel, 0, 0}, {1, 1, 1, 2, 2, 2});
        CloudLook look = plainLook();
        look.point_size = 15.0;
        const QImage image = drawn(frameOf(shape, 101, look));
        for (int x = 40; x <= 49; ++x) {
            QCOMPARE(image.pixel(x, 50), qRgb(1, 1, 1));
            QCOMPARE(image.pixel(100 - x, 50), qRgb(2, 2, 2));
        }
    }

    void discsHaveTheirSize_data() {
        QTest::addColumn<double>("size");
        QTest::addColumn<bool>("is_perspective");
        for (const double size : {0.1, 1.0, 2.0, 3.0, 4.0, 5.0, 6.4, 9.0, 20.0, 33.0}) {
            QTest::addRow("%g, orthographic", size) << size << false;
            QTest::addRow("%g, perspective", size) << size << true;
        }
    }

    void discsHaveTheirSize() {
        QFETCH(const double, size);
        QFETCH(const bool, is_perspective);
        CloudLook look =
            plainLook(is_perspective ? Projection::Perspective : Projection::Orthographic);
        look.point_size = size;
        const double diameter = std::max(size, 1.0);
        const double area = 3.14159265 * diameter * diameter / 4.0;
        for (const float depth : {-0.9F, 0.0F, 0.9F}) {
            int pixels = 0;
            const QImage image = drawn(frameOf(cloudOf({0, 0, depth}), 101, look));
            const QRect rect = covered(image, &pixels);
            QCOMPARE(rect.width(), rect.height());
            QVERIFY(std::abs(rect.width() - diameter) <= 1.0);
            QVERIFY(std::abs(pixels - area) <= std::max(1.0, 0.35 * area));
            QVERIFY(rect.contains(50, 50));
            // Rows alike from above and below, and as wide as a circle's.
            for (int y = rect.top(); y <= rect.bottom(); ++y) {
                int row = 0;
                int mirrored = 0;
                for (int x = rect.left(); x <= rect.right(); ++x) {
                    row += image.pixel(x, y) != ground ? 1 : 0;
                    mirrored += image.pixel(x, rect.top() + rect.bottom() - y) != ground ? 1 : 0;
                }
                const double away = y + 0.5 - (rect.top() + rect.height() / 2.0);
                const double wide =
                    2.0 * std::sqrt(std::max(diameter * diameter / 4.0 - away * away, 0.0));
                QCOMPARE(row, mirrored);
                QVERIFY(std::abs(row - wide) <= 1.5);
            }
        }
    }

    void discsReachIntoTheViewFromOutside() {
        const CloudProjection projection(plainLook().camera, QSizeF(41, 41));
        const float outside = float((20.5 + 2.5) / projection.scaleAt(1.0));
        CloudLook look = plainLook();
        const auto shape = cloudOf({outside, 0, 0, -outside, 0, 0, 0, outside, 0, 0, -outside, 0});
        QVERIFY(covered(drawn(frameOf(shape, 41, look))).isEmpty());
        look.point_size = 9.0;
        const QImage image = drawn(frameOf(shape, 41, look));
        for (const QPoint edge : {QPoint(0, 20), QPoint(40, 20), QPoint(20, 0), QPoint(20, 40)}) {
            QCOMPARE(image.pixel(edge), plain);
        }
        QCOMPARE(image.pixel(3, 20), ground);
        QCOMPARE(image.pixel(0, 0), ground);
    }

    void whatIsBehindTheCameraIsNotSeen() {
        for (const Projection projection : {Projection::Perspective, Projection::Orthographic}) {
            CloudLook look = plainLook(projection);
            look.camera.distance = 0.5;
            QVERIFY(covered(drawn(frameOf(cloudOf({0, 0, 0.6F}), 41, look))).isEmpty());
            QVERIFY(!covered(drawn(frameOf(cloudOf({0, 0, 0.4F}), 41, look))).isEmpty());
            // All of the cloud.
            look.camera.focus = {0.0, 0.0, -100.0};
            QVERIFY(covered(drawn(frameOf(cloudOf({0, 0, 0.6F}), 41, look))).isEmpty());
        }
    }

    void pointsThatAreEqualAreDrawn() {
        auto cloud = std::make_shared<PointCloud>();
        cloud->positions = {7.0F, 8.0F, 9.0F};
        for (const double radius : {0.0, 1.0}) {
            const CloudShape shape{cloud, UnitSphere{{7.0, 8.0, 9.0}, radius}, {}};
            const QImage image = drawn(frameOf(std::make_shared<const CloudShape>(shape), 41));
            QCOMPARE(covered(image), QRect(20, 20, 1, 1));
        }
    }

    void subsetsAreEvenlyChosen() {
        constexpr std::size_t points = 1000;
        std::vector<float> xyz;
        for (std::size_t i = 0; i < points; ++i) {
            // A lattice of pixels far enough from one another.
            const CloudProjection projection(plainLook().camera, QSizeF(401, 401));
            const auto scale = float(projection.scaleAt(1.0));
            xyz.insert(
                xyz.end(),
                {(float(i % 32) - 16) * 12 / scale, (float(i / 32) - 16) * 12 / scale, 0});
        }
        CloudFrame frame = frameOf(cloudOf(xyz, distinctColors(points)), 401);
        for (const std::size_t most : {0U, 1000U, 999U, 300U, 7U, 1U}) {
            frame.most_points = most;
            const QImage image = drawn(frame);
            std::set<QRgb> seen;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x) {
                    seen.insert(image.pixel(x, y));
                }
            }
            seen.erase(ground);
            const std::size_t step = most == 0 ? 1 : (points + most - 1) / most;
            std::set<QRgb> wanted;
            for (std::size_t i = 0; i < points; i += step) {
                wanted.insert(distinctColor(i));
            }
            QVERIFY(most == 0 || seen.size() <= most);
            QCOMPARE(seen, wanted);
        }
    }

    void subsetsLeaveNoHoles() {
        const auto shape = cloudOf(ballPoints(40000));
        CloudFrame frame = frameOf(shape, 101);
        frame.look.point_size = 2.0;
        int all = 0;
        covered(drawn(frame), &all);
        frame.most_points = 2000;
        const QImage image = drawn(frame);
        int some = 0;
        covered(image, &some);
        QVERIFY2(
            some > all * 97 / 100 && some < all * 112 / 100, qPrintable(QString::number(some)));
    }

    void subsetsOfDenseCloudsHaveDiscsOfTheirSize() {
        // So many that a part of them covers every pixel.
        std::vector<float> xyz(3 * 100000, 0.0F);
        CloudFrame frame = frameOf(cloudOf(xyz), 41);
        frame.look.point_size = 5.0;
        const QImage all = drawn(frame);
        frame.most_points = 50000;
        QCOMPARE(drawn(frame), all);
    }
};

QTEST_GUILESS_MAIN(CloudProjectionTest)
#include "cloud_projection_test.moc"
