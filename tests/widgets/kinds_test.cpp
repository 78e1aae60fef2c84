#include <cmath>
#include <limits>

#include <QTest>

#include "tests/widgets/sample_scene.h"
#include "widgets/cell_values.h"
#include "widgets/grid_scene.h"
#include "widgets/value_range.h"

using namespace vitreous;

namespace {

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

std::vector<Tap> taps(std::initializer_list<const char*> names) {
    std::vector<Tap> list;
    for (const char* name : names) {
        list.push_back({name, QString(name).section('.', -1).toStdString()});
    }
    return list;
}

/// A model with a 1 x 2 grid whose magnitude at tap number i is {i, i + 1} times a factor.
GridRow model(const QString& label, std::initializer_list<const char*> names, float factor = 1.0F) {
    auto result = std::make_shared<AnalysisResult>();
    result->taps = taps(names);
    result->rows = 1;
    result->columns = 2;
    float value = 0.0F;
    for (const Tap& tap : result->taps) {
        result->magnitude[tap.name] = {{1, 2}, {value * factor, (value + 1.0F) * factor}};
        result->frequency[tap.name] = {{1, 2}, {100.0F + value, 99.0F + value}};
        value += 1.0F;
        if (tap.name.starts_with("blocks.") || tap.name == "llama.layers.0") {
            result->blocks.push_back(tap);
            result->cls_attention[tap.name] = {{2, 1, 2}, {value, 2.0F, 3.0F, 4.0F}};
        }
    }
    return {label, Qt::red, result, {}};
}

GridRow vit() {
    return model("A", {"blocks.0", "blocks.1", "norm"});
}

GridRow vitLlama() {
    return model(
        "B", {"blocks.0", "blocks.1", "llama_dim_mapper1", "llama.layers.0.attention",
              "llama.layers.0.feed_forward", "llama.layers.0", "llama_dim_mapper2", "norm"});
}

QStringList labelsOf(const GridScene& scene) {
    QStringList labels;
    for (const GridColumn& column : scene.columns) {
        labels << column.label;
    }
    return labels;
}

ViewState viewOf(GridKind kind) {
    ViewState view;
    view.kind = kind;
    return view;
}

} // namespace

class KindsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void headsSideBySide() {
        ViewState view = viewOf(GridKind::Heads);
        view.tap = "blocks.0";
        const GridScene scene = buildGridScene({vit(), vitLlama()}, view);
        QCOMPARE(labelsOf(scene), QStringList({"Mean", "1", "2"}));
        QCOMPARE(scene.choices.size(), std::size_t{3});
        QCOMPARE(scene.choice, std::optional<std::size_t>{0});
        QCOMPARE(scene.cells[0][0].values, (std::vector<float>{2.0F, 3.0F}));
        QCOMPARE(scene.cells[0][2].values, (std::vector<float>{3.0F, 4.0F}));
        QCOMPARE(scene.rows[1].label, QString("B · 0"));
        QCOMPARE(scene.quantity, QString("CLS attention"));
    }

    void headsOfTheLlmBlockStandBesideTheLastBlock() {
        const GridScene scene = buildGridScene({vit(), vitLlama()}, viewOf(GridKind::Heads));
        QCOMPARE(scene.choice, std::optional<std::size_t>{2});
        QCOMPARE(scene.choices[2].name, QString("llama.layers.0"));
        QCOMPARE(scene.rows[0].label, QString("A · 1"));
        QVERIFY(scene.cells[0][1].present);
        QVERIFY(scene.cells[1][1].present);
    }

    void figure3HasThePapersTaps() {
        const GridScene scene = buildGridScene({vit(), vitLlama()}, viewOf(GridKind::Figure3));
        QStringList names;
        for (const GridColumn& column : scene.columns) {
            names << column.name;
        }
        QCOMPARE(
            names, QStringList(
                       {"A: blocks.1", "B: blocks.1", "B: llama_dim_mapper1",
                        "B: llama.layers.0.attention", "B: llama.layers.0.feed_forward",
                        "B: llama_dim_mapper2"}));
        QCOMPARE(scene.rows.size(), std::size_t{2});
        QCOMPARE(scene.cells[0][2].values, (std::vector<float>{2.0F, 3.0F}));
        QCOMPARE(scene.cells[1][2].values, (std::vector<float>{102.0F, 101.0F}));
        QCOMPARE(scene.cells[0][2].picture, std::size_t{1});
    }

    void figure3NeverSharesARangeBetweenUnits() {
        ViewState view = viewOf(GridKind::Figure3);
        view.range = RangeMode::PerView;
        const GridScene scene = buildGridScene({vit(), vitLlama()}, view);
        QCOMPARE(scene.range, RangeMode::PerRow);
        QCOMPARE(rangeOfRow(scene, 0).value(), (ValueRange{1.0, 7.0}));
        QCOMPARE(rangeOfRow(scene, 1).value(), (ValueRange{100.0, 106.0}));
        view.range = RangeMode::PerColumn;
        const GridScene columns = buildGridScene({vit(), vitLlama()}, view);
        QCOMPARE(columns.range, RangeMode::PerMap);
        QCOMPARE(columns.cells[1][0].range, (ValueRange{100.0, 101.0}));
    }

    void scrubShowsOneTapAModel() {
        ViewState view = viewOf(GridKind::Scrub);
        view.tap = "blocks.0";
        GridScene scene = buildGridScene({vit(), vitLlama()}, view);
        QCOMPARE(labelsOf(scene), QStringList({"A\n0", "B\n0"}));
        QCOMPARE(scene.rows.size(), std::size_t{1});
        QCOMPARE(scene.choices.size(), std::size_t{8});
        // What a model lacks, its last layer before that stands for.
        view.tap = "llama_dim_mapper2";
        scene = buildGridScene({vit(), vitLlama()}, view);
        QCOMPARE(labelsOf(scene), QStringList({"A\n1", "B\nllama_dim_mapper2"}));
        QCOMPARE(scene.columns[0].name, QString("A: blocks.1"));
        // A tap that no model has gives way to the last one.
        view.tap = "gone";
        scene = buildGridScene({vit(), vitLlama()}, view);
        QCOMPARE(labelsOf(scene), QStringList({"A\nnorm", "B\nnorm"}));
    }

    void modelsWithoutResultsKeepTheirMessage() {
        const GridRow waiting{"C", Qt::blue, nullptr, "Loading"};
        for (const GridKind kind :
             {GridKind::Layers, GridKind::Heads, GridKind::Figure3, GridKind::Scrub,
              GridKind::Difference}) {
            const GridScene scene = buildGridScene({vit(), waiting, vitLlama()}, viewOf(kind));
            QCOMPARE(scene.rows.size(), scene.cells.size());
            const auto says = [](const GridRow& row) { return row.message == "Loading"; };
            QCOMPARE(std::count_if(scene.rows.begin(), scene.rows.end(), says), std::ptrdiff_t{1});
            for (const std::vector<GridCell>& cells : scene.cells) {
                QCOMPARE(cells.size(), scene.columns.size());
            }
        }
    }

    void differenceIsOfNormalisedMaps() {
        GridRow other = model("B", {"blocks.0"});
        auto result = std::make_shared<AnalysisResult>(*other.result);
        result->magnitude["blocks.0"] = {{1, 2}, {10.0F, -10.0F}};
        other.result = result;
        const GridScene scene =
            buildGridScene({model("A", {"blocks.0"}, 100.0F), other}, viewOf(GridKind::Difference));
        QCOMPARE(scene.rows.size(), std::size_t{1});
        QCOMPARE(scene.rows[0].label, QString("B − A"));
        // A is {0, 100}, normalised {0, 1}; B is {10, -10}, normalised {1, 0}.
        QCOMPARE(scene.cells[0][0].values, (std::vector<float>{1.0F, -1.0F}));
        QCOMPARE(scene.cells[0][0].range, (ValueRange{-1.0, 1.0}));
        QCOMPARE(scene.colormap, Colormap::Coolwarm);
    }

    void noDifferenceHasTheColourOfZero() {
        const GridScene scene =
            buildGridScene({vit(), model("B", {"blocks.0"})}, viewOf(GridKind::Difference));
        QCOMPARE(scene.cells[0][0].values, (std::vector<float>{0.0F, 0.0F}));
        QCOMPARE(scene.cells[0][0].range, (ValueRange{-1.0, 1.0}));
    }

    void differenceTakesTheLayerBeforeWhereATapIsMissing() {
        const GridScene scene = buildGridScene({vit(), vitLlama()}, viewOf(GridKind::Difference));
        QVERIFY(labelsOf(scene).contains("llama_dim_mapper1 − 1"));
        QVERIFY(labelsOf(scene).contains("norm"));
        for (const GridCell& cell : scene.cells[0]) {
            QVERIFY(cell.present);
            QCOMPARE(cell.range.low, -cell.range.high);
        }
    }

    void differenceTakesTheLayerBeforeOfEither() {
        const GridScene scene = buildGridScene({vitLlama(), vit()}, viewOf(GridKind::Difference));
        QVERIFY2(
            labelsOf(scene).contains("1 − llama_dim_mapper2"),
            qPrintable(labelsOf(scene).join(" ")));
        for (const GridCell& cell : scene.cells[0]) {
            QVERIFY(cell.present);
        }
    }

    void differenceNeedsTwoModelsOfOneGrid() {
        const GridScene alone = buildGridScene({vit()}, viewOf(GridKind::Difference));
        QVERIFY(alone.columns.empty());
        QVERIFY(alone.rows[0].message.contains("two models"));
        GridRow other = model("B", {"blocks.0"});
        auto result = std::make_shared<AnalysisResult>(*other.result);
        result->rows = 2;
        result->magnitude["blocks.0"] = {{2, 2}, {1.0F, 2.0F, 3.0F, 4.0F}};
        other.result = result;
        const GridScene apart = buildGridScene({vit(), other}, viewOf(GridKind::Difference));
        QVERIFY(apart.rows[0].result == nullptr);
        QVERIFY2(apart.rows[0].message.contains("2 × 2"), qPrintable(apart.rows[0].message));
    }

    void differenceIgnoresWhatIsNotFinite() {
        const GridCell cell{true, {not_a_number, 2.0F, 4.0F}, 1, 3, {}};
        const GridCell unit = normalized(cell);
        QVERIFY(std::isnan(unit.values[0]));
        QCOMPARE(unit.values[2], 1.0F);
        const GridCell constant{true, {3.0F, 3.0F}, 1, 2, {}};
        QCOMPARE(normalized(constant).values, (std::vector<float>{0.0F, 0.0F}));
        QVERIFY(std::isnan(differenceOf(unit, unit).values[0]));
    }

    void rangesByColumnPercentileAndNumber() {
        ViewState view;
        view.range = RangeMode::PerColumn;
        const std::vector<GridRow> rows = {vit(), model("B", {"blocks.0", "blocks.1"}, 10.0F)};
        QCOMPARE(buildGridScene(rows, view).cells[0][1].range, (ValueRange{1.0, 20.0}));
        view.range = RangeMode::Fixed;
        view.fixed = {-2.0, 3.5};
        QCOMPARE(buildGridScene(rows, view).cells[1][0].range, (ValueRange{-2.0, 3.5}));
        view.range = RangeMode::Percentile;
        view.percentiles = {25.0, 75.0};
        QCOMPARE(buildGridScene(rows, view).cells[0][0].range, (ValueRange{0.25, 0.75}));
    }

    void percentilesLieBetweenValues() {
        // numpy.percentile([1, 2, 3, 10], [10, 50]) == [1.3, 2.5]
        const ValueRange range =
            percentilesOf({10.0F, 1.0F, not_a_number, 3.0F, 2.0F}, {10.0, 50.0});
        QVERIFY(std::abs(range.low - 1.3) < 1e-12);
        QCOMPARE(range.high, 2.5);
        QCOMPARE(percentilesOf({not_a_number}, {0.0, 100.0}), (ValueRange{0.0, 1.0}));
    }

    void thePinnedTokensAttention() {
        GridRow row = vit();
        auto maps = std::make_shared<AttentionMaps>();
        (*maps)["blocks.0"] = {{2, 1, 2}, {0.1F, 0.2F, 0.3F, 0.4F}};
        row.attention = maps;
        ViewState view;
        view.map = MapKind::ClsAttention;
        view.query = AttentionQuery::PinnedToken;
        view.head = HeadIndex{1};
        QCOMPARE(buildGridScene({row}, view).cells[0][0].values, (std::vector<float>{3.0F, 4.0F}));
        QVERIFY(buildGridScene({row}, view).quantity.contains("pin a token"));
        view.selection.pinned = TokenPlace{TokenIndex{1}, 1, 2};
        const GridScene scene = buildGridScene({row}, view);
        QCOMPARE(scene.cells[0][0].values, (std::vector<float>{0.3F, 0.4F}));
        QCOMPARE(scene.quantity, QString("Attention from the token at row 1, column 2, head 2"));
        // Unknown attention is no CLS attention.
        row.attention.reset();
        QVERIFY(!buildGridScene({row}, view).cells[0][0].present);
    }
};

QTEST_GUILESS_MAIN(KindsTest)
#include "kinds_test.moc"
