#include <cmath>
#include <limits>

#include <QApplication>
#include <QHelpEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTest>
#include <QToolTip>

#include "sample_scene.h"
#include "shot_compare.h"
#include "widgets/grid_view.h"
#include "widgets/map_image.h"

using namespace vitreous;

namespace {

QRgb tableColor(Colormap colormap, std::size_t entry) {
    const auto& rgb = colorTable(colormap)[entry];
    return qRgb(rgb[0], rgb[1], rgb[2]);
}

std::unique_ptr<GridView> makeView(const GridScene& scene, QSize size) {
    auto view = std::make_unique<GridView>(nullptr, false);
    view->setPalette(samples::lightPalette());
    view->resize(size);
    view->setScene(scene);
    view->show();
    QCoreApplication::processEvents();
    return view;
}

void moveTo(GridView& view, QPointF point) {
    QMouseEvent move(QEvent::MouseMove, point, point, Qt::NoButton, Qt::NoButton, Qt::NoModifier);
    QCoreApplication::sendEvent(view.childAt(point.toPoint()), &move);
}

QPoint centreOf(const GridView& view, std::size_t cell, std::size_t token) {
    const CellPlace& place = view.gridLayout().cells[cell];
    const GridCell& values = view.scene().cells[place.row][place.column];
    return tokenRect(place.map, values.rows, values.columns, TokenIndex{token}).center().toPoint();
}

} // namespace

class CanvasTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void paintsExactTableColours() {
        ViewState view;
        view.opacity = 1.0;
        const auto canvas =
            makeView(samples::oneMap({0.0F, 1.0F, 2.0F, 4.0F}, 2, 2, view), {500, 500});
        const QImage shot = canvas->grab().toImage();
        QCOMPARE(shot.pixel(centreOf(*canvas, 0, 0)), tableColor(Colormap::Viridis, 0));
        QCOMPARE(shot.pixel(centreOf(*canvas, 0, 1)), tableColor(Colormap::Viridis, 64));
        QCOMPARE(shot.pixel(centreOf(*canvas, 0, 2)), tableColor(Colormap::Viridis, 128));
        QCOMPARE(shot.pixel(centreOf(*canvas, 0, 3)), tableColor(Colormap::Viridis, 255));
        QCOMPARE(shot.pixel(1, 1), QColor(0xfa, 0xfa, 0xf9).rgb());
    }

    void smallPicturesKeepTheirPixels() {
        QImage picture(2, 2, QImage::Format_RGB32);
        picture.fill(Qt::black);
        picture.setPixel(1, 0, qRgb(255, 255, 255));
        const QImage whole = scaledPicture(picture, MapWindow(QSizeF(8, 6)));
        for (int x = 0; x < 8; ++x) {
            for (int y = 0; y < 6; ++y) {
                QCOMPARE(qGray(whole.pixel(x, y)), x >= 4 && y < 3 ? 255 : 0);
            }
        }
        // Only the pixel that an edge goes through is between.
        const QImage broken = scaledPicture(picture, MapWindow(QSizeF(5, 5)));
        QCOMPARE(qGray(broken.pixel(1, 0)), 0);
        QVERIFY(qGray(broken.pixel(2, 0)) > 64 && qGray(broken.pixel(2, 0)) < 192);
        QCOMPARE(qGray(broken.pixel(3, 0)), 255);
        QCOMPARE(qGray(broken.pixel(4, 1)), 255);
        // A little enlarged it is smooth.
        const QImage smooth = scaledPicture(picture, MapWindow(QSizeF(3, 3)));
        QVERIFY(qGray(smooth.pixel(1, 0)) > 0 && qGray(smooth.pixel(1, 0)) < 255);
    }

    void nearestSplitsPixelsEvenly() {
        GridCell cell{true, {0.0F, 1.0F}, 1, 2, {0.0, 1.0}};
        const QImage map = composeMap(cell, {}, {}, MapWindow(QSizeF(10, 4)));
        QCOMPARE(map.pixel(4, 2), tableColor(Colormap::Viridis, 0));
        QCOMPARE(map.pixel(5, 2), tableColor(Colormap::Viridis, 255));
    }

    void bilinearMeetsTokensAtTheirCentres() {
        GridCell cell{true, {0.0F, 1.0F}, 1, 2, {0.0, 1.0}};
        MapLook look;
        look.sampling = Sampling::Bilinear;
        const QImage map = composeMap(cell, look, {}, MapWindow(QSizeF(102, 3)));
        QCOMPARE(map.pixel(0, 1), tableColor(Colormap::Viridis, 0));
        QCOMPARE(map.pixel(25, 1), tableColor(Colormap::Viridis, 0));
        QCOMPARE(map.pixel(101, 1), tableColor(Colormap::Viridis, 255));
        QCOMPARE(map.pixel(76, 1), tableColor(Colormap::Viridis, 255));
        // Pixel 51's centre is half a pixel past the middle: 0.5 + 0.5 / 51 of the way.
        QCOMPARE(map.pixel(51, 1), tableColor(Colormap::Viridis, 130));
    }

    void blendsOverThePicture() {
        QImage picture(2, 2, QImage::Format_RGB32);
        picture.fill(qRgb(200, 100, 0));
        GridCell cell{true, {1.0F, 1.0F}, 1, 2, {0.0, 1.0}};
        MapLook look;
        look.opacity = 0.5;
        const QImage map = composeMap(cell, look, picture, MapWindow(QSizeF(2, 2)));
        const QRgb top = tableColor(Colormap::Viridis, 255);
        QCOMPARE(qRed(map.pixel(0, 0)), (qRed(top) + 200 + 1) / 2);
        look.opacity = 0.0;
        QCOMPARE(
            composeMap(cell, look, picture, MapWindow(QSizeF(2, 2))).pixel(1, 1),
            picture.pixel(1, 1));
    }

    void valuesThatAreNotFiniteAreNeutral() {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const float inf = std::numeric_limits<float>::infinity();
        GridCell cell{true, {nan, 1.0F, inf, 0.0F}, 1, 4, {0.0, 1.0}};
        MapLook look;
        for (const Sampling sampling : {Sampling::Nearest, Sampling::Bilinear}) {
            look.sampling = sampling;
            const QImage map = composeMap(cell, look, {}, MapWindow(QSizeF(40, 1)));
            QCOMPARE(map.pixel(2, 0), neutral_color.rgb());
            QCOMPARE(map.pixel(25, 0), neutral_color.rgb());
            // Its neighbours stay what they are.
            QCOMPARE(map.pixel(11, 0), tableColor(Colormap::Viridis, 255));
            QCOMPARE(map.pixel(38, 0), tableColor(Colormap::Viridis, 0));
        }
        GridCell constant{true, {3.0F}, 1, 1, {3.0, 3.0}};
        QCOMPARE(
            composeMap(constant, look, {}, MapWindow(QSizeF(1, 1))).pixel(0, 0),
            tableColor(Colormap::Viridis, 0));
        const float huge = std::numeric_limits<float>::max();
        GridCell wide{
            true, {-huge, huge}, 1, 2, {-static_cast<double>(huge), static_cast<double>(huge)}};
        QCOMPARE(
            composeMap(wide, {}, {}, MapWindow(QSizeF(2, 1))).pixel(1, 0),
            tableColor(Colormap::Viridis, 255));
    }

    void reportsHoverAndMarksEveryCell() {
        const GridScene scene =
            buildGridScene(samples::twoModels(samples::gradientPicture(64), 2, 8), ViewState{});
        const auto canvas = makeView(scene, {1200, 700});
        std::vector<std::optional<GridHit>> reports;
        canvas->onHover([&](std::optional<GridHit> hit) { reports.push_back(hit); });
        const QImage before = canvas->grab().toImage();
        const QPoint point = centreOf(*canvas, 0, 19);
        moveTo(*canvas, point);
        moveTo(*canvas, point + QPoint(1, 1));
        QCOMPARE(reports.size(), std::size_t{1});
        QCOMPARE(reports[0], std::optional(GridHit{0, 0, TokenIndex{19}}));
        const QImage after = canvas->grab().toImage();
        for (const CellPlace& place : canvas->gridLayout().cells) {
            if (!place.map.isEmpty()) {
                const QRectF token = tokenRect(place.map, 8, 8, TokenIndex{19});
                const QRect around = token.adjusted(-3, -3, 3, 3).toAlignedRect();
                QVERIFY(before.copy(around) != after.copy(around));
                QCOMPARE(
                    before.pixel(token.center().toPoint()), after.pixel(token.center().toPoint()));
            }
        }
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(canvas->childAt(point), &leave);
        QCOMPARE(reports.size(), std::size_t{2});
        QVERIFY(!reports[1]);
        QCOMPARE(canvas->grab().toImage(), before);
    }

    void hoverIsToldAgainWithEveryScene() {
        const auto canvas = makeView(samples::oneMap({0.0F, 1.0F}, 1, 2, {}), {500, 400});
        QStringList told;
        canvas->onHover([&](std::optional<GridHit> hit) {
            const GridScene& scene = canvas->scene();
            told << (hit ? QString::number(scene.cells[0][0].values[hit->token.value]) : "none");
        });
        moveTo(*canvas, centreOf(*canvas, 0, 1));
        // The same token of another map.
        canvas->setScene(samples::oneMap({5.0F, 7.0F}, 1, 2, {}));
        // Another token comes to lie under the pointer, then none.
        canvas->setScene(samples::oneMap({3.0F}, 1, 1, {}));
        canvas->setScene({});
        canvas->setScene({});
        QCOMPARE(told, (QStringList{"1", "7", "3", "none"}));
        QVERIFY(!canvas->grab().isNull());
    }

    void tellsFullNamesAndValues() {
        const auto canvas = makeView(samples::oneMap({0.5F, 12.25F}, 1, 2, {}), {500, 400});
        const auto tipAt = [&](QPoint point) {
            QToolTip::hideText();
            QHelpEvent help(QEvent::ToolTip, point, canvas->mapToGlobal(point));
            QCoreApplication::sendEvent(canvas->childAt(point), &help);
            return QToolTip::text();
        };
        const QString token = tipAt(centreOf(*canvas, 0, 1));
        QVERIFY2(token.contains("12.25") && token.contains("Model"), qPrintable(token));
        QCOMPARE(
            tipAt(canvas->gridLayout().column_heads[0].rect.center().toPoint()),
            QString("blocks.0"));
    }

    void scrollsWhatDoesNotFit() {
        const GridScene scene = buildGridScene(samples::twoModels({}), ViewState{});
        const auto canvas = makeView(scene, {420, 260});
        auto* bar = canvas->findChild<QScrollBar*>();
        QVERIFY(bar->isVisible());
        QVERIFY(bar->maximum() > 0);
        std::optional<GridHit> hit;
        canvas->onHover([&](std::optional<GridHit> found) { hit = found; });
        bar->setValue(bar->maximum());
        const CellPlace& last = canvas->gridLayout().cells.back();
        const double scrolled = bar->value();
        moveTo(*canvas, last.map.center() - QPointF(0.0, scrolled));
        QVERIFY(hit);
        QCOMPARE(hit->row, last.row);
        QCOMPARE(hit->column, last.column);
        canvas->resize(1600, 1000);
        QVERIFY(!bar->isVisible());
        QCOMPARE(bar->value(), 0);
    }

    void takesColoursFromThePalette() {
        const auto canvas = makeView(samples::oneMap({0.0F}, 1, 1, {}), {400, 300});
        canvas->setPalette(samples::darkPalette());
        QCOMPARE(canvas->grab().toImage().pixel(1, 1), QColor(0x1e, 0x1f, 0x22).rgb());
    }

    void offscreenPaintsWithoutOpenGl() {
        QVERIFY(!canUseOpenGl());
        QWidget parent;
        QVERIFY(!makeGridCanvas(&parent)->isAccelerated());
        QVERIFY(!makeGridCanvas(&parent)->hasControls());
    }

    void knowsWhoDrawsOnTheCpu() {
        QVERIFY(isSoftwareRenderer("llvmpipe (LLVM 15.0.6, 256 bits)"));
        QVERIFY(isSoftwareRenderer("softpipe"));
        QVERIFY(isSoftwareRenderer("Google SwiftShader"));
        QVERIFY(isSoftwareRenderer("Software Rasterizer"));
        QVERIFY(!isSoftwareRenderer("Mesa Intel(R) UHD Graphics 620 (KBL GT2)"));
        QVERIFY(!isSoftwareRenderer("NVIDIA H100 80GB HBM3/PCIe/SSE2"));
        QVERIFY(!isSoftwareRenderer({}));
    }

    void followsChangesOfTheScene() {
        ViewState view;
        view.opacity = 1.0;
        const auto canvas = makeView(samples::oneMap({0.0F, 1.0F}, 1, 2, view), {500, 400});
        const QPoint first = centreOf(*canvas, 0, 0);
        QCOMPARE(canvas->grab().toImage().pixel(first), tableColor(Colormap::Viridis, 0));
        canvas->setScene(samples::oneMap({1.0F, 0.0F}, 1, 2, view));
        QCOMPARE(canvas->grab().toImage().pixel(first), tableColor(Colormap::Viridis, 255));
        view.colormap = Colormap::Magma;
        canvas->setScene(samples::oneMap({1.0F, 0.0F}, 1, 2, view));
        QCOMPARE(canvas->grab().toImage().pixel(first), tableColor(Colormap::Magma, 255));
        view.range = RangeMode::Fixed;
        view.fixed = {1.0, 2.0};
        canvas->setScene(samples::oneMap({1.0F, 0.0F}, 1, 2, view));
        QCOMPARE(canvas->grab().toImage().pixel(first), tableColor(Colormap::Magma, 0));
        canvas->setScene({});
        QCOMPARE(canvas->grab().toImage().pixel(first), QColor(0xfa, 0xfa, 0xf9).rgb());
    }

    void comparisonSeesWhatIsMissing() {
        std::vector<GridRow> rows = samples::twoModels(samples::gradientPicture(56), 2, 7);
        rows.push_back({"Third", QColor(Qt::gray), nullptr, "Cannot read the picture"});
        const GridScene scene = buildGridScene(rows, ViewState{});
        const auto shotOf = [](const GridScene& shown) {
            return makeView(shown, {720, 400})->grab().toImage();
        };
        const QImage expected = shotOf(scene);
        const GridLayout layout = makeView(scene, {720, 400})->gridLayout();
        const auto differs = [&](const auto& change) {
            GridScene other = scene;
            change(other);
            return samples::firstDifference(layout, shotOf(other), expected, {});
        };
        QCOMPARE(differs([](GridScene&) {}), QString());
        const auto says = [](const QString& text, const char* part) {
            return text.startsWith(QLatin1String(part));
        };
        QVERIFY(says(differs([](GridScene& s) { s.quantity.clear(); }), "legend text"));
        QVERIFY(
            says(differs([](GridScene& s) { s.columns[0].label.clear(); }), "head of column 0"));
        QVERIFY(says(differs([](GridScene& s) { s.rows[0].label.clear(); }), "head of row 0"));
        QVERIFY(says(differs([](GridScene& s) { s.rows[0].chip = QColor(); }), "head of row 0"));
        QVERIFY(says(differs([](GridScene& s) { s.rows[2].message.clear(); }), "message of row 2"));
        QVERIFY(says(
            differs([](GridScene& s) { s.cells[1][3].values[24] += 2.0F; }),
            "map of row 1, column 3"));
    }

    void looksLikeItsBaseline() {
        std::vector<GridRow> rows = samples::twoModels(samples::gradientPicture(56), 2, 7);
        rows.push_back({"Third", QColor(Qt::gray), nullptr, "Cannot read the picture"});
        const auto canvas = makeView(buildGridScene(rows, ViewState{}), {720, 400});
        const QImage shot = canvas->grab().toImage();
        const QString path = QStringLiteral(VITREOUS_TEST_DATA "/widgets/grid.png");
        const QImage baseline(path);
        if (baseline.isNull()) {
            QVERIFY(shot.save(path));
            QFAIL("no baseline: saved this one, look at it");
        }
        const QString difference =
            samples::firstDifference(canvas->gridLayout(), shot, baseline, {});
        if (!difference.isEmpty()) {
            shot.save(QStringLiteral("grid-actual.png"));
        }
        QVERIFY2(difference.isEmpty(), qPrintable(difference));
    }
};

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    QApplication::setStyle("fusion");
    QFont font("DejaVu Sans");
    font.setPixelSize(12);
    QApplication::setFont(font);
    CanvasTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "canvas_test.moc"
