#include <cmath>
#include <limits>

#include <QTest>

#include "sample_scene.h"
#include "widgets/column_merge.h"
#include "widgets/value_text.h"

using namespace vitreous;

namespace {

std::vector<std::string> namesOf(const std::vector<Tap>& taps) {
    std::vector<std::string> names;
    for (const Tap& tap : taps) {
        names.push_back(tap.name);
    }
    return names;
}

std::vector<Tap> taps(const std::vector<std::string>& names) {
    std::vector<Tap> list;
    for (const std::string& name : names) {
        list.push_back({name, name});
    }
    return list;
}

using Names = std::vector<std::string>;
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr float infinite = std::numeric_limits<float>::infinity();

} // namespace

class SceneTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void mergesModelsInForwardOrder() {
        const std::vector<Tap> vit = samples::vitTaps(12);
        const std::vector<Tap> llama = samples::vitLlamaTaps(12);
        QCOMPARE(namesOf(mergeTaps({vit, llama})), namesOf(llama));
        QCOMPARE(namesOf(mergeTaps({llama, vit})), namesOf(llama));
        QCOMPARE(llama.size(), std::size_t{20});
    }

    void keepsBlocksOfDeeperModelsTogether() {
        const Names expected = {"blocks.0", "blocks.1", "blocks.2", "mapper1", "norm"};
        const std::vector<Tap> deep = taps({"blocks.0", "blocks.1", "blocks.2", "norm"});
        const std::vector<Tap> wide = taps({"blocks.0", "blocks.1", "mapper1", "norm"});
        QCOMPARE(namesOf(mergeTaps({deep, wide})), expected);
        QCOMPARE(namesOf(mergeTaps({wide, deep})), expected);
    }

    void mergesDisjointAndContradictingLists() {
        QCOMPARE(namesOf(mergeTaps({taps({"a", "b"}), taps({"c"})})), (Names{"c", "a", "b"}));
        QCOMPARE(
            namesOf(mergeTaps({taps({"a", "b"}), taps({"b", "a", "c"})})), (Names{"a", "b", "c"}));
        QVERIFY(mergeTaps({}).empty());
    }

    void marksAbsentTaps() {
        const GridScene scene =
            buildGridScene(samples::twoModels(samples::gradientPicture(28), 2, 4), ViewState{});
        QCOMPARE(scene.columns.size(), std::size_t{10});
        QCOMPARE(scene.columns[2].label, QString("L1"));
        QCOMPARE(scene.columns[2].name, QString("llama_dim_mapper1"));
        QVERIFY(!scene.cells[0][2].present);
        QVERIFY(scene.cells[1][2].present);
        QVERIFY(scene.cells[0][9].present);
        QCOMPARE(scene.cells[1][2].rows, 4);
        QCOMPARE(scene.pictures[0].size(), QSize(28, 28));
        QCOMPARE(scene.pictures[0].pixel(14, 7), samples::gradientPicture(28).pixel(14, 7));
    }

    void keepsMessages() {
        GridRow waiting{"A", Qt::red, nullptr, "Reading"};
        const GridScene scene = buildGridScene({waiting}, ViewState{});
        QCOMPARE(scene.rows.size(), std::size_t{1});
        QCOMPARE(scene.rows[0].message, QString("Reading"));
        QVERIFY(scene.columns.empty());
        QVERIFY(scene.cells[0].empty());
        QVERIFY(!rangeOfView(scene));
    }

    void rangesIgnoreWhatIsNotFinite() {
        const GridScene scene = samples::oneMap({not_a_number, 2.0F, infinite, -1.0F}, 2, 2, {});
        QCOMPARE(scene.cells[0][0].range, (ValueRange{-1.0, 2.0}));
        const GridScene none = samples::oneMap({not_a_number, not_a_number}, 1, 2, {});
        QCOMPARE(none.cells[0][0].range, (ValueRange{0.0, 1.0}));
        const GridScene constant = samples::oneMap({3.0F, 3.0F}, 1, 2, {});
        QCOMPARE(constant.cells[0][0].range, (ValueRange{3.0, 3.0}));
    }

    void rangesFollowTheRule() {
        auto first = std::make_shared<AnalysisResult>();
        first->taps = taps({"a", "b"});
        first->magnitude = {{"a", {{1, 2}, {0.0F, 1.0F}}}, {"b", {{1, 2}, {2.0F, 5.0F}}}};
        auto second = std::make_shared<AnalysisResult>();
        second->taps = taps({"a"});
        second->magnitude = {{"a", {{1, 2}, {-7.0F, 1.0F}}}};
        const std::vector<GridRow> rows = {{"1", {}, first, {}}, {"2", {}, second, {}}};
        ViewState view;
        QCOMPARE(buildGridScene(rows, view).cells[0][1].range, (ValueRange{2.0, 5.0}));
        view.range = RangeMode::PerRow;
        const GridScene per_row = buildGridScene(rows, view);
        QCOMPARE(per_row.cells[0][0].range, (ValueRange{0.0, 5.0}));
        QCOMPARE(rangeOfRow(per_row, 1).value(), (ValueRange{-7.0, 1.0}));
        view.range = RangeMode::PerView;
        const GridScene per_view = buildGridScene(rows, view);
        QCOMPARE(per_view.cells[0][1].range, (ValueRange{-7.0, 5.0}));
        QCOMPARE(rangeOfView(per_view).value(), (ValueRange{-7.0, 5.0}));
    }

    void showsOneHeadOrTheMean() {
        auto result = std::make_shared<AnalysisResult>();
        result->blocks = taps({"blocks.0"});
        result->taps = taps({"norm"});
        result->cls_attention = {{"blocks.0", {{2, 1, 2}, {1.0F, 2.0F, 5.0F, 10.0F}}}};
        ViewState view;
        view.map = MapKind::ClsAttention;
        const std::vector<GridRow> rows = {{"1", {}, result, {}}};
        const GridScene mean = buildGridScene(rows, view);
        QCOMPARE(mean.columns.size(), std::size_t{1});
        QCOMPARE(mean.cells[0][0].values, (std::vector<float>{3.0F, 6.0F}));
        view.head = HeadIndex{1};
        const GridScene second = buildGridScene(rows, view);
        QCOMPARE(second.cells[0][0].values, (std::vector<float>{5.0F, 10.0F}));
        QCOMPARE(second.quantity, QString("CLS attention, head 2"));
        view.head = HeadIndex{2};
        QVERIFY(!buildGridScene(rows, view).cells[0][0].present);
    }

    void saysTheQuantity() {
        ViewState view;
        QCOMPARE(
            buildGridScene({}, view).quantity,
            QString("Magnitude, L2 distance from the mean token"));
        view.map = MapKind::Frequency;
        QCOMPARE(buildGridScene({}, view).quantity, QString("Frequency (rad)"));
        auto result = std::make_shared<AnalysisResult>();
        result->mean_query = true;
        view.map = MapKind::ClsAttention;
        QCOMPARE(
            buildGridScene({{"v", {}, result, {}}}, view).quantity,
            QString("Mean-query attention, mean over heads"));
    }

    void misshapenMapsAreAbsent() {
        auto result = std::make_shared<AnalysisResult>();
        result->taps = taps({"a", "b", "c"});
        result->magnitude = {{"a", {{2, 2}, {1.0F}}}, {"b", {{4}, {1.0F, 1.0F, 1.0F, 1.0F}}}};
        const GridScene scene = buildGridScene({{"v", {}, result, {}}}, ViewState{});
        for (const GridCell& cell : scene.cells[0]) {
            QVERIFY(!cell.present);
        }
        QVERIFY(scene.pictures[0].isNull());
    }

    void writesSensibleDigits() {
        const QString minus(QChar(0x2212));
        QCOMPARE(tickText(1.75, {0.12, 3.38}), QString("1.75"));
        QCOMPARE(tickText(0.0, {0.0, 350.0}), QString("0"));
        QCOMPARE(tickText(351.2, {0.0, 351.2}), QString("351"));
        QCOMPARE(tickText(-1.0, {-1.0, 1.0}), minus + "1.00");
        QCOMPARE(tickText(-0.001, {-1.0, 1.0}), QString("0.00"));
        QCOMPARE(tickText(0.00012, {0.0, 0.00012}), QString("0.00012"));
        QCOMPARE(tickText(0.0023, {0.0023, 0.007}), QString("0.0023"));
        QCOMPARE(tickText(0.0000012, {0.0, 0.0000012}), "1.2e" + minus + "6");
        QCOMPARE(tickText(2.5e6, {0.0, 2.5e6}), QString("2.5e6"));
        QCOMPARE(tickText(0.0, {0.0, 0.0}), QString("0"));
        QCOMPARE(rangeText({1.0, 1.0}), QString("1.00"));
        QCOMPARE(rawText(static_cast<double>(not_a_number)), QString("NaN"));
        QCOMPARE(rawText(static_cast<double>(-infinite)), minus + QChar(0x221E));
    }
};

QTEST_GUILESS_MAIN(SceneTest)
#include "scene_test.moc"
