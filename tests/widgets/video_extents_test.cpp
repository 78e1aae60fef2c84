// Smallest and largest values over a video's frames, and the ranges that come of them.

#include <limits>

#include <QTest>

#include "tests/widgets/sample_scene.h"
#include "widgets/cell_values.h"

using namespace vitreous;

namespace {

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

std::shared_ptr<AnalysisResult> frame(float low, float high) {
    auto result = std::make_shared<AnalysisResult>();
    result->rows = 1;
    result->columns = 2;
    result->taps = {{"blocks.0", "1"}};
    result->blocks = result->taps;
    result->magnitude["blocks.0"] = {{1, 2}, {low, high}};
    result->frequency["blocks.0"] = {{1, 2}, {not_a_number, high}};
    // Heads: {low, high} and {high, low}.
    result->cls_attention["blocks.0"] = {{2, 1, 2}, {low, high, high, low}};
    return result;
}

ValueRange rangeOf(const VideoExtents& extents, MapKind map, std::optional<HeadIndex> head = {}) {
    return extents.of(map, "blocks.0", head).value_or(ValueRange{-1.0, -1.0});
}

/// A video of frames {1, 5} and {2, 3}, of which the second one is shown.
GridRow model(const QString& label, float scale = 1.0F) {
    VideoExtents extents;
    extents.add(*frame(1.0F * scale, 5.0F * scale));
    const auto shown = frame(2.0F * scale, 3.0F * scale);
    extents.add(*shown);
    GridRow row{label, Qt::red, shown, {}};
    row.extents = std::make_shared<const VideoExtents>(extents);
    return row;
}

} // namespace

class VideoExtentsTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyFrameCounts() {
        VideoExtents extents;
        extents.add(*frame(1.0F, 5.0F));
        extents.add(*frame(2.0F, 7.0F));
        QCOMPARE(rangeOf(extents, MapKind::Magnitude), (ValueRange{1.0, 7.0}));
        QCOMPARE(rangeOf(extents, MapKind::Frequency), (ValueRange{5.0, 7.0}));
        QCOMPARE(rangeOf(extents, MapKind::ClsAttention, HeadIndex{1}), (ValueRange{1.0, 7.0}));
        QCOMPARE(rangeOf(extents, MapKind::ClsAttention), (ValueRange{3.0, 4.5}));
    }
    void whatIsNotThereHasNone() {
        VideoExtents extents;
        QVERIFY(!extents.of(MapKind::Magnitude, "blocks.0", std::nullopt));
        auto empty = frame(not_a_number, not_a_number);
        extents.add(*empty);
        QVERIFY(!extents.of(MapKind::Magnitude, "blocks.0", std::nullopt));
        extents.add(*frame(1.0F, 2.0F));
        QVERIFY(!extents.of(MapKind::Magnitude, "norm", std::nullopt));
        QVERIFY(!extents.of(MapKind::ClsAttention, "blocks.0", HeadIndex{2}));
        empty->magnitude["norm"] = {{3}, {1.0F, 2.0F, 3.0F}};
        extents.add(*empty);
        QVERIFY(!extents.of(MapKind::Magnitude, "norm", std::nullopt));
    }
    void mapsTakeTheRangeOfAllFrames() {
        ViewState view;
        const GridScene joint = buildGridScene({model("A")}, view);
        QCOMPARE(joint.cells[0][0].range, (ValueRange{1.0, 5.0}));
        QCOMPARE(rangeRule(joint), QString("each map on its own range over all frames"));
        view.video.joint = false;
        const GridScene apart = buildGridScene({model("A")}, view);
        QCOMPARE(apart.cells[0][0].range, (ValueRange{2.0, 3.0}));
        QCOMPARE(rangeRule(apart), QString("each map on its own range, frame by frame"));
    }
    void sharedRangesAreOfAllFramesToo() {
        ViewState view;
        view.range = RangeMode::PerView;
        const GridScene scene = buildGridScene({model("A"), model("B", 10.0F)}, view);
        QCOMPARE(scene.cells[0][0].range, (ValueRange{1.0, 50.0}));
        QCOMPARE(rangeRule(scene), QString("one range for all maps over all frames"));
    }
    void percentilesAndFixedNumbersAreNot() {
        ViewState view;
        view.range = RangeMode::Percentile;
        view.percentiles = {0.0, 100.0};
        const GridScene scene = buildGridScene({model("A")}, view);
        QCOMPARE(scene.cells[0][0].range, (ValueRange{2.0, 3.0}));
        QCOMPARE(
            rangeRule(scene), QString::fromUtf8("each frame’s map from its percentile 0 to 100"));
        view.range = RangeMode::Fixed;
        view.fixed = {0.0, 9.0};
        const GridScene fixed = buildGridScene({model("A")}, view);
        QCOMPARE(fixed.cells[0][0].range, (ValueRange{0.0, 9.0}));
        QCOMPARE(rangeRule(fixed), QString("fixed range"));
    }
    void ofATokenOnlyThisFrameIsKnown() {
        GridRow row = model("A");
        row.attention = std::make_shared<const AttentionMaps>(
            AttentionMaps{{"blocks.0", {{1, 1, 2}, {2.0F, 4.0F}}}});
        ViewState view;
        view.map = MapKind::ClsAttention;
        view.query = AttentionQuery::PinnedToken;
        view.selection.pinned = TokenPlace{TokenIndex{0}, 1, 2};
        QCOMPARE(buildGridScene({row}, view).cells[0][0].range, (ValueRange{2.0, 4.0}));
    }
    void differencesAreOfMapsNormalisedOverAllFrames() {
        ViewState view;
        view.kind = GridKind::Difference;
        GridRow other = model("B");
        other.result = frame(5.0F, 1.0F);
        const GridScene scene = buildGridScene({model("A"), other}, view);
        // {2, 3} and {5, 1} in 1..5.
        QCOMPARE(scene.cells[0][0].values, (std::vector<float>{0.75F, -0.5F}));
        QCOMPARE(scene.cells[0][0].range, (ValueRange{-1.0, 1.0}));
        view.video.joint = false;
        const GridScene apart = buildGridScene({model("A"), other}, view);
        QCOMPARE(apart.cells[0][0].values, (std::vector<float>{1.0F, -1.0F}));
    }
    void picturesHaveTheRulesTheyHad() {
        const GridScene scene = samples::oneMap({1.0F, 2.0F}, 1, 2, {});
        QCOMPARE(rangeRule(scene), QString("each map on its own range"));
        QVERIFY(!scene.cells[0][0].joint);
    }
};

QTEST_GUILESS_MAIN(VideoExtentsTest)
#include "video_extents_test.moc"
