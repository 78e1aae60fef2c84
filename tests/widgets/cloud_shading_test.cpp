// Eye-dome lighting: what depth does to colours.
#include <QTest>

#include "cloud_frames.h"

using namespace vitreous;
using namespace vitreous::samples;

namespace {

/// A square about the middle that goes back by so much per length to the right; denser than the
/// pixels.
std::vector<float> squareOf(float half, float slope, float depth = 0.0F) {
    constexpr int points = 500;
    std::vector<float> xyz;
    xyz.reserve(std::size_t(3 * points * points));
    for (int row = 0; row < points; ++row) {
        for (int column = 0; column < points; ++column) {
            const float x = half * (2.0F * float(column) / (points - 1) - 1.0F);
            const float y = half * (2.0F * float(row) / (points - 1) - 1.0F);
            xyz.insert(xyz.end(), {x, y, depth - slope * x});
        }
    }
    return xyz;
}

CloudLook litLook(Projection projection) {
    CloudLook look = plainLook(projection);
    look.shading = CloudShading::EyeDome;
    look.point_size = 3.0;
    return look;
}

/// How light the middle of the square is: 1 in its own colour.
double lightOf(float slope, int side, Projection projection, double distance = 4.0) {
    CloudLook look = litLook(projection);
    look.plain = qRgb(250, 250, 250);
    look.camera.distance = distance;
    const QImage image = drawn(frameOf(cloudOf(squareOf(0.45F, slope)), side, look));
    double sum = 0.0;
    for (int y = -4; y <= 4; ++y) {
        for (int x = -4; x <= 4; ++x) {
            sum += qRed(image.pixel(side / 2 + x, side / 2 + y)) / 250.0;
        }
    }
    return sum / 81.0;
}

} // namespace

class CloudShadingTest final : public QObject {
    Q_OBJECT

    static void addProjections() {
        QTest::addColumn<Projection>("projection");
        QTest::newRow("perspective") << Projection::Perspective;
        QTest::newRow("orthographic") << Projection::Orthographic;
    }

private Q_SLOTS:
    void whatFacesTheCameraKeepsItsColor_data() { addProjections(); }

    void whatFacesTheCameraKeepsItsColor() {
        QFETCH(const Projection, projection);
        const CloudLook look = litLook(projection);
        const QImage image = drawn(frameOf(cloudOf(squareOf(0.45F, 0.0F)), 101, look));
        const CloudProjection places(look.camera, QSizeF(101, 101));
        const int reach = int(0.45 * places.scaleAt(4.0)) - 3;
        for (int y = 50 - reach; y <= 50 + reach; ++y) {
            for (int x = 50 - reach; x <= 50 + reach; ++x) {
                QCOMPARE(image.pixel(x, y), plain);
            }
        }
    }

    void onePointKeepsItsColor() {
        CloudLook look = litLook(Projection::Perspective);
        const QImage image = drawn(frameOf(cloudOf({0, 0, 0}), 101, look));
        QCOMPARE(image.pixel(50, 50), plain);
    }

    void groundHasAFaintOutline() {
        CloudLook look = litLook(Projection::Perspective);
        look.ground = qRgb(250, 250, 250);
        const QImage image = drawn(frameOf(cloudOf({0, 0, 0}), 101, look));
        for (const QPoint beside :
             {QPoint(48, 50), QPoint(52, 50), QPoint(50, 48), QPoint(50, 52)}) {
            QCOMPARE(image.pixel(beside), qRgb(200, 200, 200));
        }
        QCOMPARE(image.pixel(46, 50), look.ground);
        QCOMPARE(image.pixel(50, 54), look.ground);
        QCOMPARE(image.pixel(0, 0), look.ground);
    }

    void groundAtTheViewsEdgeHasNone() {
        CloudLook look = litLook(Projection::Perspective);
        look.camera.focus = {5.0, 5.0, 0.0};
        QImage wanted(101, 101, QImage::Format_RGB32);
        wanted.fill(ground);
        QCOMPARE(drawn(frameOf(cloudOf({0, 0, 0}), 101, look)), wanted);
    }

    void withoutLightingColorsAreAsTheyAre() {
        CloudLook look = litLook(Projection::Perspective);
        look.shading = CloudShading::None;
        const QImage image = drawn(frameOf(cloudOf(ballPoints(2000)), 101, look));
        int points = 0;
        for (int y = 0; y < 101; ++y) {
            for (int x = 0; x < 101; ++x) {
                QVERIFY(image.pixel(x, y) == plain || image.pixel(x, y) == ground);
                points += image.pixel(x, y) == plain ? 1 : 0;
            }
        }
        QVERIFY(points > 1000);
    }

    void whatIsBehindAnEdgeIsDarker_data() { addProjections(); }

    void whatIsBehindAnEdgeIsDarker() {
        QFETCH(const Projection, projection);
        std::vector<float> xyz = squareOf(0.6F, 0.0F, -0.3F);
        const std::vector<float> before = squareOf(0.2F, 0.0F, 0.3F);
        std::vector<std::uint8_t> colors(xyz.size(), 200);
        xyz.insert(xyz.end(), before.begin(), before.end());
        colors.resize(xyz.size(), 100);
        const QImage image = drawn(frameOf(cloudOf(xyz, colors), 201, litLook(projection)));
        QCOMPARE(image.pixel(100, 100), qRgb(100, 100, 100));
        int edge = 100;
        while (qRed(image.pixel(edge, 100)) == 100) {
            ++edge;
        }
        const int beside = qRed(image.pixel(edge, 100));
        QVERIFY2(beside < 150, qPrintable(QString::number(beside)));
        QVERIFY2(beside > 60, qPrintable(QString::number(beside)));
        QCOMPARE(image.pixel(edge + 8, 100), qRgb(200, 200, 200));
        // All channels alike.
        QCOMPARE(qGreen(image.pixel(edge, 100)), beside);
        QCOMPARE(qBlue(image.pixel(edge, 100)), beside);
    }

    void slopesAreAsDarkAtAnySizeAndDistance_data() { addProjections(); }

    void slopesAreAsDarkAtAnySizeAndDistance() {
        QFETCH(const Projection, projection);
        const double gentle = lightOf(0.5F, 201, projection);
        const double steep = lightOf(1.0F, 201, projection);
        QVERIFY2(gentle < 0.95 && gentle > 0.8, qPrintable(QString::number(gentle)));
        QVERIFY2(steep < gentle - 0.05, qPrintable(QString::number(steep)));
        QVERIFY(std::abs(lightOf(1.0F, 101, projection) - steep) < 0.03);
        QVERIFY(std::abs(lightOf(1.0F, 401, projection) - steep) < 0.03);
        QVERIFY(std::abs(lightOf(1.0F, 201, projection, 3.0) - steep) < 0.03);
        QVERIFY(std::abs(lightOf(1.0F, 201, projection, 8.0) - steep) < 0.03);
        QVERIFY(std::abs(lightOf(-1.0F, 201, projection) - steep) < 0.03);
    }
};

QTEST_GUILESS_MAIN(CloudShadingTest)
#include "cloud_shading_test.moc"
