#include <cmath>

#include <QGuiApplication>
#include <QTest>

#include "tests/widgets/sample_scene.h"
#include "widgets/grid_layout.h"
#include "widgets/map_image.h"

using namespace vitreous;

namespace {

GridCell cellOf(std::vector<float> values, int rows, int columns) {
    return {true, std::move(values), rows, columns, {0.0, 1.0}};
}

QRgb tableColor(std::size_t entry) {
    const auto& rgb = colorTable(Colormap::Viridis)[entry];
    return qRgb(rgb[0], rgb[1], rgb[2]);
}

QImage plainPicture(QSize size, QRgb color) {
    QImage picture(size, QImage::Format_RGB32);
    picture.fill(color);
    return picture;
}

} // namespace

class OverlayTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void belowTheThresholdThePictureStaysAlone() {
        const QImage picture = plainPicture({4, 1}, qRgb(10, 20, 30));
        MapLook look;
        look.threshold = 0.5F;
        const QImage map =
            composeMap(cellOf({0.49F, 0.5F}, 1, 2), look, picture, MapWindow(QSizeF(4, 1)));
        QCOMPARE(map.pixel(0, 0), picture.pixel(0, 0));
        QCOMPARE(map.pixel(3, 0), tableColor(128));
    }

    void contourLinesFollowTheLevels() {
        const QImage picture = plainPicture({40, 1}, qRgb(200, 200, 200));
        MapLook look;
        look.overlay = Overlay::Contour;
        look.opacity = 1.0F;
        const QImage map =
            composeMap(cellOf({0.1F, 0.7F}, 1, 2), look, picture, MapWindow(QSizeF(40, 1)));
        QCOMPARE(map.pixel(19, 0), qRgb(0, 0, 0));
        QCOMPARE(map.pixel(20, 0), tableColor(153));
        // The picture between the lines is darker, but there.
        QCOMPARE(map.pixel(5, 0), qRgb(120, 120, 120));
        QCOMPARE(map.pixel(35, 0), qRgb(120, 120, 120));
    }

    void theThresholdIsAContour() {
        MapLook look;
        look.overlay = Overlay::Contour;
        look.opacity = 1.0F;
        look.threshold = 0.65F;
        const QImage picture = plainPicture({60, 1}, qRgb(200, 200, 200));
        const QImage map =
            composeMap(cellOf({0.1F, 0.6F, 0.7F}, 1, 3), look, picture, MapWindow(QSizeF(60, 1)));
        QCOMPARE(map.pixel(20, 0), qRgb(120, 120, 120));
        QCOMPARE(map.pixel(39, 0), qRgb(0, 0, 0));
        QCOMPARE(map.pixel(40, 0), tableColor(166));
    }

    void aZoomedMapIsAPartOfTheWhole() {
        std::vector<float> values;
        for (int i = 0; i < 64; ++i) {
            values.push_back(static_cast<float>(i) / 63.0F);
        }
        const GridCell cell = cellOf(values, 8, 8);
        for (const Sampling sampling : {Sampling::Nearest, Sampling::Bilinear}) {
            MapLook look;
            look.sampling = sampling;
            const MapWindow window(Viewport{4.0, 0.3, 0.7}, QSizeF(50, 50));
            QCOMPARE(window.whole, QSizeF(200, 200));
            QCOMPARE(window.offset, QPointF(35, 115));
            const QImage part = composeMap(cell, look, {}, window);
            const QImage whole = composeMap(cell, look, {}, MapWindow(QSizeF(200, 200)));
            QCOMPARE(part, whole.copy(35, 115, 50, 50));
        }
    }

    void aZoomedPictureIsAPartToo() {
        QImage picture = plainPicture({2, 2}, qRgb(0, 0, 0));
        picture.setPixel(1, 1, qRgb(255, 255, 255));
        const QImage part =
            scaledPicture(picture, MapWindow(Viewport{2.0, 0.75, 0.75}, QSizeF(10, 10)));
        QCOMPARE(part.pixel(0, 0), qRgb(255, 255, 255));
        QCOMPARE(part.pixel(9, 9), qRgb(255, 255, 255));
        const QImage corner =
            scaledPicture(picture, MapWindow(Viewport{2.0, 0.0, 0.0}, QSizeF(10, 10)));
        QCOMPARE(corner.pixel(9, 9), qRgb(0, 0, 0));
    }

    void zoomKeepsThePointUnderThePointer() {
        const Viewport start{2.0, 0.5, 0.5};
        const QPointF point(0.4, 0.6);
        const Viewport nearer = zoomed(start, 2.0, point);
        QCOMPARE(nearer.zoom, 4.0);
        const auto onScreen = [&point](const Viewport& view) {
            return QPointF(
                (point.x() - view.center_x) * view.zoom, (point.y() - view.center_y) * view.zoom);
        };
        QVERIFY(std::abs(onScreen(start).x() - onScreen(nearer).x()) < 1e-12);
        QVERIFY(std::abs(onScreen(start).y() - onScreen(nearer).y()) < 1e-12);
        QCOMPARE(zoomed(start, 1e9, point).zoom, most_zoom);
        QCOMPARE(zoomed(start, 0.0, point), (Viewport{1.0, 0.5, 0.5}));
        const Viewport damaged = clamped(Viewport{std::nan(""), 7.0, std::nan("")});
        QCOMPARE(damaged, (Viewport{1.0, 0.5, 0.5}));
    }

    void sideBySideBothPartsAreHit() {
        ViewState view;
        view.overlay = Overlay::SideBySide;
        const GridScene scene = samples::oneMap({0.0F, 1.0F, 2.0F, 4.0F}, 2, 2, view);
        const GridStyle style = figureStyle(1.0);
        const GridLayout layout = layoutGrid(scene, measureGrid(scene, style), 400.0, std::nullopt);
        const CellPlace& place = layout.cells.front();
        QCOMPARE(place.picture.size(), place.map.size());
        QVERIFY(place.picture.right() < place.map.left());
        QVERIFY(place.box.contains(place.picture) && place.box.contains(place.map));
        const QPointF last(-2.0, -2.0);
        const auto on_map = hitTest(scene, layout, place.map.bottomRight() + last);
        const auto on_picture = hitTest(scene, layout, place.picture.bottomRight() + last);
        QVERIFY(on_map.has_value());
        QCOMPARE(on_map, on_picture);
        QCOMPARE(on_map->token, TokenIndex{3});
    }

    void zoomedTokensAreHit() {
        ViewState view;
        view.viewport = {4.0, 1.0, 0.0};
        const GridScene scene = samples::oneMap(std::vector<float>(64, 1.0F), 8, 8, view);
        const GridStyle style = figureStyle(1.0);
        const GridLayout layout = layoutGrid(scene, measureGrid(scene, style), 400.0, std::nullopt);
        const CellPlace& place = layout.cells.front();
        // The upper right quarter of a quarter: columns 6 and 7 of rows 0 and 1.
        const auto left = hitTest(scene, layout, place.map.bottomLeft() + QPointF(1.0, -1.0));
        QCOMPARE(left->token, TokenIndex{14});
        const auto right = hitTest(scene, layout, place.map.topRight() + QPointF(-1.0, 1.0));
        QCOMPARE(right->token, TokenIndex{7});
    }
};

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QGuiApplication application(argc, argv);
    OverlayTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "overlay_test.moc"
