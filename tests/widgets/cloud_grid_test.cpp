// Point clouds in the grid: what a scene makes of them, where they are, what is found in them.

#include <QApplication>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "cloud_samples.h"
#include "core/base/error.h"
#include "sample_scene.h"
#include "widgets/cloud_cells.h"
#include "widgets/grid_canvas.h"
#include "widgets/grid_surface.h"
#include "widgets/turntable.h"
#include "widgets/value_text.h"

using namespace vitreous;

namespace {

GridScene axesScene(ViewState view, std::size_t points = 4000, bool has_colors = false) {
    view.cloud.camera.azimuth = 0.0;
    view.cloud.camera.elevation = 0.0;
    const auto cloud = samples::spherePoints(points, has_colors);
    return buildGridScene({samples::cloudRow("a", cloud), samples::cloudRow("b", cloud)}, view);
}

GridLayout layoutOf(const GridScene& scene) {
    const GridStyle style = screenStyle(samples::lightPalette(), QFont());
    return layoutGrid(scene, measureGrid(scene, style), 900.0, 700.0);
}

QRgb tableColor(std::size_t entry) {
    const auto& rgb = colorTable(Colormap::Viridis)[entry];
    return qRgb(rgb[0], rgb[1], rgb[2]);
}

} // namespace

class CloudGridTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cellsHoldTheGroupsValues() {
        const GridScene scene = axesScene({});
        QCOMPARE(scene.cells.size(), std::size_t(2));
        QCOMPARE(scene.cells[0].size(), std::size_t(2));
        const GridCell& cell = scene.cells[1][1];
        QVERIFY(cell.present && cell.is_cloud && hasClouds(scene));
        QCOMPARE(cell.values, (std::vector<float>{10, 11, 12, 13, 14, 15}));
        QCOMPARE(cell.range, (ValueRange{10.0, 15.0}));
        QCOMPARE(scene.clouds.size(), std::size_t(2));
        QCOMPARE(cell.picture, std::size_t(1));
        QCOMPARE(spotText(cell, TokenIndex{3}), QString("group 4"));
    }

    void headsAreMeanAndEach() {
        ViewState view;
        view.kind = GridKind::Heads;
        const GridScene scene = axesScene(view);
        QCOMPARE(scene.columns.size(), std::size_t(3));
        QCOMPARE(scene.cells[0][0].values, std::vector<float>(6, 12.5F));
        QCOMPARE(scene.cells[0][2].values.front(), 15.0F);
        QVERIFY(scene.cells[0][2].is_cloud);
    }

    void aTokensAttentionIsOfGroupsToo() {
        ViewState view;
        view.map = MapKind::ClsAttention;
        view.query = AttentionQuery::PinnedToken;
        view.selection.pinned = TokenPlace{TokenIndex{2}, 1, 6, true};
        const auto cloud = samples::spherePoints(100, false);
        GridRow row = samples::cloudRow("a", cloud);
        auto attention = std::make_shared<AttentionMaps>();
        // A query's rows come as heads of 1 x groups.
        (*attention)["blocks.0"] = {{1, 1, 6}, {1, 2, 3, 4, 5, 6}};
        row.attention = attention;
        const GridScene scene = buildGridScene({row}, view);
        QVERIFY(scene.cells[0][0].present && scene.cells[0][0].is_cloud);
        QVERIFY(!scene.cells[0][1].present);
        QVERIFY(scene.quantity.startsWith("Attention from group 3"));
    }

    void cellsAreSquareAndShowAllOfTheView() {
        ViewState view;
        view.viewport = {4.0, 0.2, 0.2};
        const GridScene scene = axesScene(view);
        for (const CellPlace& place : layoutOf(scene).cells) {
            QCOMPARE(place.map.width(), place.map.height());
            QCOMPARE(place.whole, place.map);
        }
    }

    void theCameraFitsTheCloudUntilItIsMoved() {
        ViewState view;
        QVERIFY(view.cloud.camera.is_fitted);
        const GridScene fitted = axesScene(view);
        const CloudProjection projection(fitted.camera, {100.0, 100.0});
        // The sphere's upper end is just below the cell's upper edge.
        const auto top = projection.place({0.0F, 0.96F, 0.27F});
        QVERIFY(top && top->pixel.y() > 0.0 && top->pixel.y() < 6.0);
        view.cloud.camera = dollied(fitted.camera, 2.0);
        QVERIFY(!view.cloud.camera.is_fitted);
        QCOMPARE(axesScene(view).camera.distance, fitted.camera.distance / 2.0);
    }

    void aPlaceIsInItsFrontmostGroup() {
        const GridScene scene = axesScene({});
        const GridLayout layout = layoutOf(scene);
        const QRectF map = layout.cells[0].map;
        const auto hitAt = [&](double across, double down) {
            return hitTest(
                scene, layout,
                {map.left() + across * map.width(), map.top() + down * map.height()});
        };
        // From the front +z covers -z.
        QCOMPARE(hitAt(0.5, 0.5)->token, TokenIndex{4});
        QCOMPARE(hitAt(0.95, 0.5)->token, TokenIndex{0});
        QCOMPARE(hitAt(0.05, 0.5)->token, TokenIndex{1});
        QCOMPARE(hitAt(0.5, 0.05)->token, TokenIndex{2});
        QVERIFY(!hitAt(0.01, 0.01));
        QCOMPARE(hitAt(0.5, 0.5)->column, layout.cells[0].column);
    }

    void groupsOfOtherModelsAreFoundByPlace() {
        const auto cloud = samples::spherePoints(500, false);
        const GridScene scene = buildGridScene(
            {samples::cloudRow("a", cloud), samples::cloudRow("b", cloud, -1.0F)}, {});
        const GridCell& a = scene.cells[0][0];
        const GridCell& b = scene.cells[1][0];
        QVERIFY(!haveSameGroups(scene.clouds[0], scene.clouds[1]));
        QCOMPARE(sameGroup(scene, a, TokenIndex{0}, a), std::optional(TokenIndex{0}));
        // What is +x of the one is -x of the other.
        QCOMPARE(sameGroup(scene, a, TokenIndex{0}, b), std::optional(TokenIndex{1}));
        QVERIFY(!sameGroup(scene, a, TokenIndex{6}, b));
        ViewState view;
        view.kind = GridKind::Difference;
        const GridScene difference = buildGridScene(scene.models, view);
        QVERIFY(!difference.rows[0].result);
        QVERIFY(difference.rows[0].message.contains("other places"));
        const GridScene same = buildGridScene({scene.models[0], scene.models[0]}, view);
        QVERIFY(same.cells[0][0].present && same.cells[0][0].is_cloud);
    }

    void looksFollowTheView() {
        ViewState view;
        view.opacity = 0.25;
        const GridStyle style = screenStyle(samples::darkPalette(), QFont());
        const QSizeF size(200.0, 200.0);
        // Without colours of its own there is nothing that a map could be blended with.
        QCOMPARE(lookOfClouds(axesScene(view, 100, false), style, size).opacity, 1.0F);
        QCOMPARE(lookOfClouds(axesScene(view, 100, true), style, size).opacity, 0.25F);
        view.overlay = Overlay::Heat;
        QCOMPARE(lookOfClouds(axesScene(view, 100, true), style, size).opacity, 1.0F);
        QCOMPARE(lookOfClouds(axesScene(view), style, size).ground, style.ground.rgb());
        view.cloud.ground = CloudGround::White;
        QCOMPARE(lookOfClouds(axesScene(view), style, size).ground, qRgb(255, 255, 255));
        // Twice as large cells have twice as large points; more points are smaller.
        const double once = lookOfClouds(axesScene(view, 1600), style, size).point_size;
        QVERIFY(once > 4.0);
        QCOMPARE(lookOfClouds(axesScene(view, 1600), style, 2.0 * size).point_size, 2.0 * once);
        const double finer = lookOfClouds(axesScene(view, 6400), style, size).point_size;
        QVERIFY2(std::abs(finer / once - 0.5) < 0.08, qPrintable(QString::number(finer / once)));
        // On paper as on the screen: the same part of the cell, however many pixels it has.
        const double large = lookOfClouds(axesScene(view, 1600), style, 24.0 * size).point_size;
        QVERIFY(std::abs(large / once - 24.0) < 0.001);
        view.cloud.point_size = 2.0;
        QCOMPARE(lookOfClouds(axesScene(view, 1600), style, size).point_size, 2.0 * once);
    }

    void theCanvasShowsTheColours() {
        ViewState view;
        view.cloud.values = GroupValues::Raw;
        view.cloud.shading = CloudShading::None;
        const auto cloud = samples::spherePoints(4000, false);
        view.cloud.camera.azimuth = 0.0;
        view.cloud.camera.elevation = 0.0;
        std::unique_ptr<QWidget> parent = std::make_unique<QWidget>();
        GridCanvas* canvas = makeGridCanvas(parent.get(), false);
        canvas->widget()->setPalette(samples::lightPalette());
        canvas->widget()->resize(900, 700);
        const GridScene scene = buildGridScene({samples::cloudRow("a", cloud)}, view);
        canvas->setScene(scene);
        const QImage shot = canvas->widget()->grab().toImage();
        const GridStyle style = screenStyle(samples::lightPalette(), canvas->widget()->font());
        const GridLayout layout = layoutGrid(scene, measureGrid(scene, style), 900.0, 700.0);
        const QRectF map = layout.cells[0].map;
        // +z is group 5 of 0..5: four fifths of the range.
        const QPoint middle = map.center().toPoint();
        bool has_shown = false;
        for (int x = -2; x <= 2; ++x) {
            has_shown = has_shown || shot.pixel(middle + QPoint(x, 5)) == tableColor(204);
        }
        QVERIFY(has_shown);
        QCOMPARE(shot.pixel(map.topLeft().toPoint() + QPoint(2, 2)), style.ground.rgb());
    }

    void figuresHoldCloudsWithRealText() {
        const QTemporaryDir folder;
        const QString path = folder.filePath("f.pdf");
        FigureOptions options;
        exportFigure(path, axesScene({}), options);
        const QString tool = QStandardPaths::findExecutable("pdftotext");
        if (tool.isEmpty()) {
            QSKIP("pdftotext is not installed");
        }
        QProcess process;
        process.start(tool, {"-layout", path, "-"});
        process.waitForFinished();
        const QString text = QString::fromUtf8(process.readAllStandardOutput()).simplified();
        QVERIFY2(
            text.contains("points take their values by inverse distance from the 3 nearest group"),
            qPrintable(text));
        ViewState raw;
        raw.cloud.values = GroupValues::Raw;
        QVERIFY(cloudRule(axesScene(raw)).contains("nearest group centre"));
        QVERIFY(cloudRule(buildGridScene({}, {})).isEmpty());
        const QImage figure = figureImage(axesScene({}), options);
        // Something of the brightest colour is in it.
        bool has_yellow = false;
        for (int y = 0; y < figure.height() && !has_yellow; ++y) {
            for (int x = 0; x < figure.width(); ++x) {
                const QColor color = figure.pixelColor(x, y);
                has_yellow =
                    has_yellow || (color.red() > 200 && color.green() > 200 && color.blue() < 90);
            }
        }
        QVERIFY(has_yellow);
    }

    void turntablesAreWholeOrNotThere() {
        const QTemporaryDir folder;
        const std::filesystem::path path = folder.filePath("t.mp4").toStdString();
        TurntableOptions options;
        options.frames = 2;
        options.width = 321;
        exportTurntable(path, axesScene({}, 200), options);
        QFile file(folder.filePath("t.mp4"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.read(8).mid(4), QByteArray("ftyp"));
        const auto codeOf = [&](const std::filesystem::path& to, const GridScene& scene,
                                const TurntableOptions& wanted, const Task& task) {
            try {
                exportTurntable(to, scene, wanted, task);
            } catch (const Error& error) {
                return std::optional(error.code());
            }
            return std::optional<ErrorCode>();
        };
        std::stop_source stop;
        const Task task{stop.get_token(), [&stop](const Progress&) { stop.request_stop(); }};
        options.frames = 100;
        const std::filesystem::path other = folder.filePath("u.mp4").toStdString();
        QCOMPARE(codeOf(other, axesScene({}, 200), options, task), ErrorCode::Interrupted);
        QCOMPARE(
            codeOf(other, axesScene({}, 200), {.frames = 1, .caption = {}}, {}), ErrorCode::Usage);
        const auto pictures = samples::twoModels(samples::gradientPicture(56), 2, 7);
        QCOMPARE(codeOf(other, buildGridScene(pictures, {}), options, {}), ErrorCode::Usage);
        const std::filesystem::path wrong = folder.filePath("u.avi").toStdString();
        options.frames = 2;
        QCOMPARE(codeOf(wrong, axesScene({}, 200), options, {}), ErrorCode::Usage);
        const std::filesystem::path nowhere = folder.filePath("none/u.mp4").toStdString();
        QCOMPARE(codeOf(nowhere, axesScene({}, 200), options, {}), ErrorCode::Resource);
        QCOMPARE(
            QDir(folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
            QStringList{"t.mp4"});
    }
};

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    CloudGridTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "cloud_grid_test.moc"
