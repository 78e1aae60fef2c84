#include <QTest>

#include "sample_scene.h"
#include "widgets/grid_layout.h"

using namespace vitreous;

namespace {

GridScene twoRows(int depth = 12) {
    return buildGridScene(samples::twoModels({}, depth, 14), ViewState{});
}

} // namespace

class LayoutTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void placesEveryCellInsideWithoutOverlap() {
        const GridScene scene = twoRows();
        for (const QSize size : {QSize(1600, 1000), QSize(900, 1400), QSize(700, 500)}) {
            const GridLayout layout = layoutGrid(scene, {}, size.width(), size.height());
            QCOMPARE(layout.cells.size(), std::size_t{40});
            QVERIFY(layout.size.width() <= size.width());
            for (std::size_t i = 0; i < layout.cells.size(); ++i) {
                QVERIFY(QRectF(QPointF(), layout.size).contains(layout.cells[i].box));
                QVERIFY(!layout.cells[i].box.intersects(layout.legend));
                for (std::size_t j = 0; j < i; ++j) {
                    QVERIFY(!layout.cells[i].box.intersects(layout.cells[j].box));
                }
            }
        }
    }

    void wrapsColumnsForLargerCells() {
        const GridScene scene = twoRows();
        const GridMetrics metrics;
        const GridLayout wrapped = layoutGrid(scene, metrics, 1600, 1000);
        QVERIFY(wrapped.bands >= 2);
        QVERIFY(wrapped.size.height() <= 1000);
        const double one_band = (1600.0 - metrics.row_head - 2 * metrics.margin) / 20;
        QVERIFY(wrapped.side > one_band);
        QCOMPARE(wrapped.column_heads.size(), std::size_t{20});
        QCOMPARE(wrapped.row_heads.size(), 2 * wrapped.bands);
        // Low windows leave no room for more bands.
        QCOMPARE(layoutGrid(scene, metrics, 1900, 300).bands, std::size_t{1});
    }

    void layersStayOnOneLineForALittleLessSize() {
        const GridScene scene = buildGridScene(samples::twoModels({}, 1, 16), ViewState{});
        const std::size_t columns = scene.columns.size();
        const GridMetrics metrics;
        const double left = metrics.margin + metrics.row_head + metrics.step;
        const double width = left + metrics.margin + 100.0 * double(columns);
        double height = 900.0;
        GridLayout layout = layoutGrid(scene, metrics, width, height);
        QVERIFY(layout.bands > 1);
        while (layout.bands > 1) {
            QVERIFY(layout.side >= 1.2 * 98.0);
            height -= 1.0;
            layout = layoutGrid(scene, metrics, width, height);
        }
        // There was room for cells larger than these.
        QVERIFY(layout.side < 100.0);
        QVERIFY(height - layout.size.height() > 150.0);
    }

    void cellsTouchWithTheGap() {
        const GridScene scene = twoRows(1);
        const GridMetrics metrics;
        const GridLayout layout = layoutGrid(scene, metrics, 1600, 700);
        const QRectF first = layout.cells[0].box;
        QCOMPARE(layout.cells[1].box.left() - first.right(), metrics.gap);
        const std::size_t per_row = layout.columns_per_band;
        QCOMPARE(layout.cells[per_row].box.top() - first.bottom(), metrics.gap);
        QCOMPARE(layout.column_heads[0].rect.left(), first.left());
        QCOMPARE(layout.row_heads[0].rect.top(), first.top());
        QCOMPARE(first.left(), layout.legend.left());
    }

    void keepsWithinSensibleSizes() {
        const GridMetrics metrics;
        const GridScene one = samples::oneMap({1.0F, 2.0F}, 1, 2, {});
        const GridLayout large = layoutGrid(one, metrics, 3000, 2000);
        QCOMPARE(large.side, metrics.cell_max);
        QCOMPARE(large.cells[0].map.size(), QSizeF(256, 128));
        const GridLayout scrolled = layoutGrid(twoRows(), metrics, 400, 150);
        QVERIFY(scrolled.size.height() > 150);
        QVERIFY(scrolled.side >= metrics.cell_comfortable);
        const GridLayout tiny = layoutGrid(twoRows(), metrics, 10, 10);
        QVERIFY(tiny.side >= 1.0);
    }

    void fitsOtherGridsIntoTheCell() {
        auto wide = std::make_shared<AnalysisResult>();
        wide->taps = {{"a", "a"}};
        wide->magnitude = {{"a", {{2, 4}, std::vector<float>(8)}}};
        auto square = std::make_shared<AnalysisResult>(*wide);
        square->magnitude = {{"a", {{2, 2}, std::vector<float>(4)}}};
        const GridScene scene =
            buildGridScene({{"1", {}, wide, {}}, {"2", {}, square, {}}}, ViewState{});
        const GridLayout layout = layoutGrid(scene, {}, 1000, 1000);
        QCOMPARE(layout.cells[0].map, layout.cells[0].box);
        QCOMPARE(layout.cells[1].map.size(), QSizeF(128, 128));
        QCOMPARE(layout.cells[1].map.center(), layout.cells[1].box.center());
    }

    void showsMessagesOnce() {
        std::vector<GridRow> rows = samples::twoModels({}, 12, 14);
        rows.push_back({"bad", {}, nullptr, "Cannot read"});
        const GridLayout layout = layoutGrid(buildGridScene(rows, {}), {}, 900, 900);
        QVERIFY(layout.bands >= 2);
        QCOMPARE(layout.messages.size(), std::size_t{1});
        QCOMPARE(layout.row_heads.size(), 1 + 2 * layout.bands);
        const GridLayout alone = layoutGrid(buildGridScene({rows.back()}, {}), {}, 900, 900);
        QCOMPARE(alone.messages.size(), std::size_t{1});
        QVERIFY(alone.cells.empty());
        QVERIFY(layoutGrid(buildGridScene({}, {}), {}, 900, 900).row_heads.empty());
    }

    void leavesNumbersOutOfSmallCells() {
        GridMetrics metrics;
        metrics.foot_line = 12;
        metrics.foot_width = 60;
        const GridLayout roomy = layoutGrid(twoRows(1), metrics, 1600, 800);
        QCOMPARE(roomy.cells[0].foot.top(), roomy.cells[0].box.bottom());
        metrics.foot_width = 400;
        QVERIFY(layoutGrid(twoRows(1), metrics, 1600, 800).cells[0].foot.isEmpty());
    }

    void stacksNumbersWhereTheyMustBeThere() {
        GridMetrics metrics;
        metrics.foot_line = 12;
        metrics.foot_width = 400;
        metrics.foot_stacked = 60;
        const GridLayout fixed = layoutGrid(twoRows(1), metrics, 1600, 800);
        QCOMPARE(fixed.foot_lines, 2);
        QCOMPARE(fixed.cells[0].foot.height(), 24.0);
        QVERIFY(fixed.size.height() <= 800.0);
        QVERIFY(!fixed.cells.back().foot.intersects(fixed.cells[0].box));
        metrics.cell_comfortable = 40;
        const GridLayout figure = layoutGrid(twoRows(), metrics, 486, std::nullopt);
        QCOMPARE(figure.foot_lines, 2);
        QVERIFY(figure.side >= 60.0);
        metrics.foot_width = 50;
        QCOMPARE(layoutGrid(twoRows(), metrics, 486, std::nullopt).foot_lines, 1);
    }

    void putsTheBarBelowWhereTheTextHasNoRoom() {
        const GridMetrics metrics;
        const GridLayout beside = layoutGrid(twoRows(1), metrics, 700, 600);
        QCOMPARE(beside.legend_text.top(), beside.legend.top());
        QVERIFY(beside.legend_text.left() > beside.bar.right());
        QVERIFY(beside.legend_text.width() >= 96.0);
        const GridLayout below = layoutGrid(twoRows(1), metrics, 420, 600);
        QVERIFY(below.bar.top() > below.legend_text.bottom());
        QVERIFY(below.legend.contains(below.bar));
        QCOMPARE(below.legend_text.width(), below.legend.width());
        QVERIFY(below.body_top >= below.legend.bottom());
        QVERIFY(below.column_heads[0].rect.top() >= below.body_top);
        // As wide as it needs to be for its numbers.
        GridMetrics wide = metrics;
        wide.bar_width = 360.0;
        const QRectF bar = layoutGrid(twoRows(1), wide, 420, 600).bar;
        QVERIFY(bar.left() >= wide.margin && bar.right() <= 420.0 - wide.margin);
    }

    void breaksHeadsOnlyWhereTheyDoNotFit() {
        GridMetrics metrics;
        metrics.heads.assign(20, {20, 20});
        metrics.heads[15] = {400, 50};
        const GridLayout layout = layoutGrid(twoRows(), metrics, 1600, 1000);
        QCOMPARE(layout.bands, std::size_t{2});
        QCOMPARE(layout.column_heads[15].lines, 2);
        QCOMPARE(layout.column_heads[12].lines, 2);
        QCOMPARE(layout.column_heads[9].lines, 1);
        metrics.heads[15].on_one_line = 40;
        QCOMPARE(layoutGrid(twoRows(), metrics, 1600, 1000).column_heads[15].lines, 1);
    }

    void widthAloneGivesAFigure() {
        GridMetrics metrics;
        metrics.cell_comfortable = 40;
        const GridLayout layout = layoutGrid(twoRows(), metrics, 486, std::nullopt);
        QVERIFY(layout.side >= 40);
        QCOMPARE(layout.bands, std::size_t{3});
    }

    void hitsTheTokenUnderAPoint() {
        const GridScene scene = twoRows();
        const GridLayout layout = layoutGrid(scene, {}, 1600, 1000);
        for (const std::size_t i : {std::size_t{0}, std::size_t{39}}) {
            const CellPlace& place = layout.cells[i];
            for (const std::size_t token : {std::size_t{0}, std::size_t{17}, std::size_t{195}}) {
                if (place.map.isEmpty()) {
                    continue;
                }
                const QRectF rect = tokenRect(place.map, 14, 14, TokenIndex{token});
                const GridHit expected{place.row, place.column, TokenIndex{token}};
                QCOMPARE(hitTest(scene, layout, rect.center()), std::optional(expected));
            }
        }
        const QRectF first = layout.cells[0].map;
        QCOMPARE(hitTest(scene, layout, first.topLeft())->token.value, std::size_t{0});
        QVERIFY(!hitTest(scene, layout, first.topLeft() - QPointF(1, 0)));
        QVERIFY(!hitTest(scene, layout, QPointF(first.right() + 1, first.top())));
    }

    void absentCellsHitNothing() {
        const GridScene scene = twoRows(1);
        const GridLayout layout = layoutGrid(scene, {}, 1600, 1000);
        const CellPlace& absent = layout.cells[1];
        QVERIFY(absent.map.isEmpty());
        QVERIFY(!absent.box.isEmpty());
        QVERIFY(!hitTest(scene, layout, absent.box.center()));
    }
};

QTEST_GUILESS_MAIN(LayoutTest)
#include "layout_test.moc"
