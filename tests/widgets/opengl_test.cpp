#include <algorithm>
#include <cmath>
#include <limits>

#include <QApplication>
#include <QScrollBar>
#include <QTest>

#include "sample_scene.h"
#include "shot_compare.h"
#include "widgets/grid_view.h"

using namespace vitreous;

Q_DECLARE_METATYPE(vitreous::ViewState)

namespace {

std::unique_ptr<GridView> makeView(const GridScene& scene, QSize size, bool use_opengl) {
    auto view = std::make_unique<GridView>(nullptr, use_opengl);
    view->setPalette(samples::darkPalette());
    view->resize(size);
    view->setScene(scene);
    view->show();
    if (!QTest::qWaitForWindowExposed(view.get())) {
        qWarning("the window was not shown");
    }
    return view;
}

QImage shotOf(GridView& view) {
    QCoreApplication::processEvents();
    return view.grab().toImage().convertToFormat(QImage::Format_RGB32);
}

int channelDifference(QRgb a, QRgb b) {
    return std::max(
        {std::abs(qRed(a) - qRed(b)), std::abs(qGreen(a) - qGreen(b)),
         std::abs(qBlue(a) - qBlue(b))});
}

/// A rectangle of the widget in pixels of its shot.
QRect inShot(const QImage& shot, const GridView& view, const QRectF& rect) {
    const double ratio = static_cast<double>(shot.width()) / view.width();
    return {(rect.topLeft() * ratio).toPoint(), (rect.size() * ratio).toSize()};
}

/// Pixels of the maps that differ by more than the tolerance.
int differingPixels(const GridView& view, const QImage& a, const QImage& b, int tolerance) {
    int count = 0;
    for (const CellPlace& place : view.gridLayout().cells) {
        const QRect rect = inShot(a, view, place.map);
        for (int y = rect.top(); y <= rect.bottom() && !rect.isEmpty(); ++y) {
            for (int x = rect.left(); x <= rect.right(); ++x) {
                count += channelDifference(a.pixel(x, y), b.pixel(x, y)) > tolerance ? 1 : 0;
            }
        }
    }
    return count;
}

/// Glyphs may be placed half a pixel beside the painter's, so that all of their ink may differ;
/// how much of it there is may not.
constexpr samples::Tolerance as_the_painter{.map = 2.0, .text = 2.0, .ink = 0.3, .elsewhere = 0.05};

} // namespace

class OpenGlTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() {
        if (!canUseOpenGl()) {
            QVERIFY2(
                qEnvironmentVariableIntValue("VITREOUS_REQUIRE_GL") == 0,
                "VITREOUS_REQUIRE_GL is set and there is no OpenGL 3.3");
            QSKIP("no OpenGL 3.3 here");
        }
    }

    void drawsWhatThePainterDraws_data() {
        QTest::addColumn<ViewState>("view");
        // Where a line lies between two pixels, rounding may put it on either.
        QTest::addColumn<int>("most");
        const auto row = [](const char* name, int most, const ViewEdit& edit) {
            ViewState view;
            edit(view);
            QTest::newRow(name) << view << most;
        };
        row("nearest", 0, [](ViewState&) {});
        row("bilinear", 0, [](ViewState& view) {
            view.sampling = Sampling::Bilinear;
            view.range = RangeMode::PerRow;
        });
        row("opaque", 0, [](ViewState& view) {
            view.sampling = Sampling::Bilinear;
            view.opacity = 1.0;
            view.range = RangeMode::PerView;
        });
        row("clear", 0, [](ViewState& view) { view.opacity = 0.0; });
        row("threshold", 0, [](ViewState& view) { view.threshold = 0.4; });
        row("zoomed", 0, [](ViewState& view) { view.viewport = {3.0, 0.3, 0.6}; });
        row("side by side", 0, [](ViewState& view) { view.overlay = Overlay::SideBySide; });
        row("difference", 0, [](ViewState& view) { view.kind = GridKind::Difference; });
        row("contours", 0, [](ViewState& view) { view.overlay = Overlay::Contour; });
        row("filmstrip", 0, [](ViewState& view) { view.kind = GridKind::Filmstrip; });
        row("filmstrip, contours", 0, [](ViewState& view) {
            view.kind = GridKind::Filmstrip;
            view.overlay = Overlay::Contour;
        });
        row("soft contours, zoomed", 60, [](ViewState& view) {
            view.overlay = Overlay::Contour;
            view.sampling = Sampling::Bilinear;
            view.viewport = {2.0, 0.4, 0.5};
        });
        row("contour at the threshold", 60, [](ViewState& view) {
            view.overlay = Overlay::Contour;
            view.sampling = Sampling::Bilinear;
            view.threshold = 0.5;
        });
    }
    void drawsWhatThePainterDraws() {
        QFETCH(ViewState, view);
        QFETCH(int, most);
        const QImage picture = samples::gradientPicture(224);
        std::vector<GridRow> rows = view.kind == GridKind::Filmstrip
                                        ? samples::filmModels(picture, 5, 14)
                                        : samples::twoModels(picture, 3, 14);
        auto broken = std::make_shared<AnalysisResult>(*rows[0].result);
        broken->magnitude["blocks.0"].values[30] = std::numeric_limits<float>::quiet_NaN();
        rows[0].result = broken;
        const GridScene scene = buildGridScene(rows, view);
        const auto accelerated = makeView(scene, {1100, 600}, true);
        QVERIFY(accelerated->isAccelerated());
        const auto plain = makeView(scene, {1100, 600}, false);
        const QImage shot = shotOf(*accelerated);
        const QImage expected = shotOf(*plain);
        QCOMPARE(shot.size(), expected.size());
        // One table entry next to another differs by up to 3; blending rounds by 1.
        const auto differing = differingPixels(*plain, shot, expected, 4);
        QVERIFY2(differing <= most, qPrintable(QString::number(differing)));
        const QString difference =
            samples::firstDifference(plain->gridLayout(), shot, expected, as_the_painter);
        QVERIFY2(difference.isEmpty(), qPrintable(difference));
    }

    void thePaintersStripLooksTheSame() {
        const GridScene scene =
            buildGridScene(samples::twoModels(samples::gradientPicture(64), 3, 8), ViewState{});
        const auto stripOf = [&scene](bool use_opengl) {
            const auto view = makeView(scene, {1000, 500}, use_opengl);
            view->showControls(true);
            const QImage shot = shotOf(*view);
            const int height = int(40.0 * shot.width() / view->width());
            return shot.copy(0, shot.height() - height, shot.width(), height);
        };
        const QImage expected = stripOf(true);
        const QImage strip = stripOf(false);
        QCOMPARE(strip.size(), expected.size());
        int differing = 0;
        int inked = 0;
        for (int y = 0; y < strip.height(); ++y) {
            for (int x = 0; x < strip.width(); ++x) {
                const QRgb pixel = strip.pixel(x, y);
                differing += channelDifference(pixel, expected.pixel(x, y)) > 2 ? 1 : 0;
                inked += channelDifference(pixel, strip.pixel(1, y)) > 32 ? 1 : 0;
            }
        }
        QCOMPARE(differing, 0);
        QVERIFY(inked > 500);
    }

    void theEnvironmentChoosesTheCanvas() {
        const auto isAcceleratedBy = [](const char* wish) {
            qputenv("VITREOUS_CANVAS", wish);
            QWidget parent;
            return makeGridCanvas(&parent)->isAccelerated();
        };
        const QByteArray before = qgetenv("VITREOUS_CANVAS");
        QVERIFY(isAcceleratedBy("opengl"));
        QVERIFY(!isAcceleratedBy("painter"));
        qputenv("VITREOUS_CANVAS", before);
    }

    void followsChangesOfTheScene() {
        ViewState view;
        view.opacity = 1.0;
        const auto canvas = makeView(samples::oneMap({0.0F, 1.0F}, 1, 2, view), {500, 400}, true);
        const QRectF map = canvas->gridLayout().cells[0].map;
        const QPoint first = inShot(shotOf(*canvas), *canvas, map).topLeft() + QPoint(9, 9);
        const auto& low = colorTable(Colormap::Viridis)[0];
        QCOMPARE(shotOf(*canvas).pixel(first), qRgb(low[0], low[1], low[2]));
        view.colormap = Colormap::Magma;
        canvas->setScene(samples::oneMap({1.0F, 0.0F}, 1, 2, view));
        const auto& high = colorTable(Colormap::Magma)[255];
        QCOMPARE(shotOf(*canvas).pixel(first), qRgb(high[0], high[1], high[2]));
        canvas->setScene({});
        QCOMPARE(
            shotOf(*canvas).pixel(first), samples::darkPalette().color(QPalette::Window).rgb());
    }

    void scrollsAsThePainterDoes() {
        const GridScene scene =
            buildGridScene(samples::twoModels(samples::gradientPicture(224)), ViewState{});
        const auto accelerated = makeView(scene, {420, 300}, true);
        const auto plain = makeView(scene, {420, 300}, false);
        for (GridView* view : {accelerated.get(), plain.get()}) {
            auto* bar = view->findChild<QScrollBar*>();
            QVERIFY(bar->isVisible());
            bar->setValue(77);
        }
        const QString difference = samples::firstDifference(
            plain->gridLayout(), shotOf(*accelerated), shotOf(*plain), as_the_painter, 77.0);
        QVERIFY2(difference.isEmpty(), qPrintable(difference));
    }

    void survivesAnotherParent() {
        const auto canvas = makeView(
            buildGridScene(samples::twoModels(samples::gradientPicture(64), 2, 7), {}), {800, 500},
            true);
        const QImage before = shotOf(*canvas);
        QWidget window;
        window.resize(800, 500);
        canvas->setParent(&window);
        canvas->move(0, 0);
        canvas->show();
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        const QString difference =
            samples::firstDifference(canvas->gridLayout(), shotOf(*canvas), before, {});
        QVERIFY2(difference.isEmpty(), qPrintable(difference));
        canvas->setParent(nullptr);
    }
};

int main(int argc, char** argv) {
    setDefaultSurfaceFormat();
    QApplication application(argc, argv);
    QApplication::setStyle("fusion");
    OpenGlTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "opengl_test.moc"
