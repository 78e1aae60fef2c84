// The filmstrip: one tap of a video, frames as columns, two thresholds.

#include <cmath>

#include <QApplication>
#include <QMouseEvent>
#include <QTest>

#include "tests/widgets/sample_scene.h"
#include "widgets/grid_canvas.h"
#include "widgets/grid_surface.h"
#include "widgets/grid_view.h"
#include "widgets/map_image.h"

using namespace vitreous;

namespace {

std::vector<GridRow> film() {
    return samples::filmModels(samples::gradientPicture(56), 4, 4);
}

ViewState stripView() {
    ViewState view;
    view.kind = GridKind::Filmstrip;
    view.tap = "blocks.1";
    return view;
}

QStringList rowLabels(const GridScene& scene) {
    QStringList labels;
    for (const GridRow& row : scene.rows) {
        labels << QString(row.label).replace(QChar(QChar::Nbsp), QChar(' '));
    }
    return labels;
}

/// A cell as it is drawn over its picture.
QImage drawn(const GridScene& scene, std::size_t row, std::size_t column) {
    const QSize size(40, 40);
    return imageOf(
        scene,
        {.row = row, .column = column, .rect = QRect(QPoint(), size), .window = MapWindow(size)});
}

} // namespace

class FilmstripTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void framesAreColumnsAndModelsHaveTwoRows() {
        const GridScene scene = buildGridScene(film(), stripView());
        QCOMPARE(
            rowLabels(scene),
            (QStringList{
                "Frames", QString::fromUtf8("ViT-S · ≥ 0.40"), QString::fromUtf8("ViT-S · ≥ 0.70"),
                QString::fromUtf8("ViT-S-LLaMA · ≥ 0.40"),
                QString::fromUtf8("ViT-S-LLaMA · ≥ 0.70")}));
        QCOMPARE(scene.columns.size(), std::size_t(4));
        QCOMPARE(scene.columns[1].label, QString("0.40 s"));
        QCOMPARE(scene.columns[1].name, QString("frame 11, 0.40 s"));
        QVERIFY(scene.columns[2].is_current && !scene.columns[1].is_current);
        QVERIFY(scene.quantity.endsWith("at blocks.1"));
        QCOMPARE(scene.choice, std::optional<std::size_t>(1));
        // The last frame is not computed yet.
        for (const std::vector<GridCell>& row : scene.cells) {
            QVERIFY(row[2].present && !row[3].present);
        }
    }
    void cellsAreOfTheirFrames() {
        const std::vector<GridRow> models = film();
        const GridScene scene = buildGridScene(models, stripView());
        for (std::size_t column = 0; column < 3; ++column) {
            const auto& values = models[1].film[column].result->magnitude.at("blocks.1").values;
            QCOMPARE(scene.cells[3][column].values, values);
            QCOMPARE(scene.cells[4][column].values, values);
            QVERIFY(scene.cells[0][column].is_picture && !hasMap(scene.cells[0][column]));
        }
        QCOMPARE(scene.cells[3][0].threshold, std::optional(0.4F));
        QCOMPARE(scene.cells[4][0].threshold, std::optional(0.7F));
    }
    void modelsShareTheFramesPictures() {
        const GridScene scene = buildGridScene(film(), stripView());
        QCOMPARE(scene.pictures.size(), std::size_t(2 + 3));
        for (std::size_t column = 0; column < 3; ++column) {
            QCOMPARE(scene.cells[0][column].picture, 2 + column);
            QCOMPARE(scene.cells[4][column].picture, 2 + column);
        }
        QVERIFY(scene.pictures[2] != scene.pictures[3]);
    }
    void oneRangeHoldsForARow() {
        const GridScene scene = buildGridScene(film(), stripView());
        QCOMPARE(scene.range, RangeMode::PerRow);
        QCOMPARE(rangeRule(scene), QString("one range per row over all frames"));
        QVERIFY(!rangeOfRow(scene, 0));
        QCOMPARE(scene.cells[1][0].range, scene.cells[1][2].range);
        QCOMPARE(scene.cells[1][0].range, scene.cells[2][0].range);
        ViewState apart = stripView();
        apart.video.joint = false;
        const GridScene own = buildGridScene(film(), apart);
        QCOMPARE(own.range, RangeMode::PerMap);
        QVERIFY(own.cells[1][0].range != own.cells[1][1].range);
    }
    void thresholdsAreOfTheRange() {
        const GridScene scene = buildGridScene(film(), stripView());
        const QImage picture = drawn(scene, 0, 1);
        const QImage low = drawn(scene, 1, 1);
        const QImage high = drawn(scene, 2, 1);
        const GridCell& cell = scene.cells[1][1];
        int seen = 0;
        for (int token = 0; token < 16; ++token) {
            const QPoint at(10 * (token % 4) + 5, 10 * (token / 4) + 5);
            const double share = (double(cell.values[std::size_t(token)]) - cell.range.low) /
                                 (cell.range.high - cell.range.low);
            QCOMPARE(low.pixel(at) != picture.pixel(at), share >= 0.4);
            QCOMPARE(high.pixel(at) != picture.pixel(at), share >= 0.7);
            seen += share >= 0.4 ? 1 : 0;
        }
        QVERIFY(seen > 0 && seen < 16);
    }
    void framesAreSeenAsTheyAre() {
        for (const Overlay overlay : {Overlay::Heat, Overlay::Contour, Overlay::SideBySide}) {
            ViewState view = stripView();
            view.overlay = overlay;
            const GridScene scene = buildGridScene(film(), view);
            QCOMPARE(
                drawn(scene, 0, 1), scaledPicture(scene.pictures[3], MapWindow(QSize(40, 40))));
        }
    }
    void sideBySideWouldShowTheFramesTwice() {
        ViewState view = stripView();
        view.overlay = Overlay::SideBySide;
        const GridScene scene = buildGridScene(film(), view);
        QCOMPARE(scene.overlay, Overlay::Blend);
        const GridLayout layout =
            layoutGrid(scene, measureGrid(scene, screenStyle({}, {})), 900.0, 600.0);
        QVERIFY(layout.cells.front().picture.isEmpty());
    }
    void aModelWithoutTheTapNamesItsOwn() {
        ViewState view = stripView();
        view.tap = "llama_dim_mapper2";
        const GridScene scene = buildGridScene(film(), view);
        QCOMPARE(rowLabels(scene)[1], QString::fromUtf8("ViT-S · 4 · ≥ 0.40"));
        QCOMPARE(rowLabels(scene)[3], QString::fromUtf8("ViT-S-LLaMA · ≥ 0.40"));
    }
    void attentionIsTheClassifiers() {
        ViewState view = stripView();
        view.map = MapKind::ClsAttention;
        view.query = AttentionQuery::PinnedToken;
        view.selection.pinned = TokenPlace{TokenIndex{0}, 4, 4};
        const GridScene scene = buildGridScene(film(), view);
        QVERIFY(scene.cells[1][0].present);
        QVERIFY2(scene.quantity.startsWith("CLS attention"), qPrintable(scene.quantity));
    }
    void stillInputsHaveNone() {
        const GridScene scene =
            buildGridScene(samples::twoModels(samples::gradientPicture(56), 2, 4), stripView());
        QVERIFY(scene.columns.empty());
        QCOMPARE(scene.rows.size(), std::size_t(2));
        QVERIFY(scene.rows[0].message.contains("video") && !scene.rows[0].result);
    }
    void aModelWithoutAResultSaysWhy() {
        std::vector<GridRow> models = film();
        models.push_back({"C", Qt::blue, nullptr, "expects clips"});
        const GridScene scene = buildGridScene(models, stripView());
        QCOMPARE(scene.rows.size(), std::size_t(6));
        QCOMPARE(scene.rows.back().message, QString("expects clips"));
    }
    void aTokenIsAtTheSamePlaceInEveryFrame() {
        GridView view(nullptr, false);
        view.resize(900, 700);
        view.setScene(buildGridScene(film(), stripView()));
        std::optional<GridHit> hit;
        view.onHover([&](const std::optional<GridHit>& now) { hit = now; });
        view.show();
        QCoreApplication::processEvents();
        const QImage before = view.grab().toImage();
        const std::vector<CellPlace>& places = view.gridLayout().cells;
        const auto place = std::find_if(places.begin(), places.end(), [](const CellPlace& one) {
            return one.row == 0 && one.column == 1;
        });
        const QPointF at = tokenRect(place->whole, 4, 4, TokenIndex{6}).center();
        QMouseEvent move(QEvent::MouseMove, at, at, Qt::NoButton, Qt::NoButton, Qt::NoModifier);
        QCoreApplication::sendEvent(view.childAt(at.toPoint()), &move);
        QVERIFY(hit.has_value());
        QCOMPARE(hit->token, TokenIndex{6});
        const QImage after = view.grab().toImage();
        int marked = 0;
        for (const CellPlace& cell : view.gridLayout().cells) {
            const QRect rect = cell.map.toRect();
            marked += !rect.isEmpty() && before.copy(rect) != after.copy(rect) ? 1 : 0;
        }
        QCOMPARE(marked, 5 * 3);
    }
    void aFigureShowsIt() {
        FigureOptions options;
        options.png_dpi = 100;
        const GridScene scene = buildGridScene(film(), stripView());
        const QImage all = figureImage(scene, options);
        const QImage fewer = figureImage(buildGridScene({film().front()}, stripView()), options);
        QVERIFY(all.height() > fewer.height());
        // The frames are on the page.
        const QRgb corner = scene.pictures[2].pixel(0, 0);
        bool is_there = false;
        for (int y = 0; y < all.height() && !is_there; ++y) {
            for (int x = 0; x < all.width() && !is_there; ++x) {
                is_there = all.pixel(x, y) == corner;
            }
        }
        QVERIFY(is_there);
    }
};

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    QApplication::setStyle("fusion");
    FilmstripTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "filmstrip_test.moc"
