#include <QTest>

#include "core/video/video_plan.h"
#include "tests/support/failure.h"

using namespace vitreous;
using vitreous::testing::failureOf;

namespace {

std::vector<std::size_t> numbers(const std::vector<FrameIndex>& frames) {
    std::vector<std::size_t> values;
    for (const FrameIndex frame : frames) {
        values.push_back(frame.value);
    }
    return values;
}

using Parts = std::vector<std::vector<std::size_t>>;

Parts partsOf(const VideoPlan& plan) {
    Parts parts;
    for (const auto& part : plan.parts) {
        parts.push_back(numbers(part));
    }
    return parts;
}

} // namespace

class PlanTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void imageModelsTakeBatches() {
        const VideoPlan plan = planOf(10, 0, {.every = 2, .windows = false, .batch = 3});
        QVERIFY(!plan.is_clip);
        QVERIFY((partsOf(plan) == Parts{{0, 2, 4}, {6, 8}}));
    }

    void clipsAreSampledEvenly() {
        const VideoPlan plan = planOf(60, 4, {.every = 7, .windows = false, .batch = 3});
        QVERIFY(plan.is_clip);
        QVERIFY((partsOf(plan) == Parts{{7, 22, 37, 52}}));
    }

    void windowsFollowOneAnother() {
        const VideoSampling sampling{.every = 2, .windows = true, .batch = 1};
        QVERIFY((partsOf(planOf(16, 4, sampling)) == Parts{{0, 2, 4, 6}, {8, 10, 12, 14}}));
        // The last one ends with the video's last frame of that step.
        QVERIFY(
            (partsOf(planOf(19, 4, sampling)) ==
             Parts{{0, 2, 4, 6}, {8, 10, 12, 14}, {12, 14, 16, 18}}));
    }

    void shortVideosRepeatFrames() {
        QVERIFY((partsOf(planOf(2, 4, {})) == Parts{{0, 0, 1, 1}}));
        QVERIFY(
            (partsOf(planOf(3, 4, {.every = 2, .windows = true, .batch = 1})) ==
             Parts{{0, 0, 2, 2}}));
    }

    void noFramesAreNoParts() {
        QVERIFY(planOf(0, 0, {}).parts.empty());
        QVERIFY(planOf(0, 16, {}).parts.empty());
        QVERIFY(planOf(-1, 16, {.every = 1, .windows = true, .batch = 1}).parts.empty());
    }

    void refusesSamplingsThatAreNone() {
        QCOMPARE(
            failureOf([] { planOf(9, 0, {.every = 0, .windows = false, .batch = 1}); }).code,
            ErrorCode::Usage);
        QCOMPARE(
            failureOf([] { framesFor(9, {0}, {.every = 1, .windows = false, .batch = 0}); }).code,
            ErrorCode::Usage);
    }

    void modelsShareTheirFrames() {
        using Numbers = std::vector<std::size_t>;
        const VideoSampling sampling{.every = 3, .windows = false, .batch = 1};
        QVERIFY((numbers(framesFor(10, {0, 0}, sampling)) == Numbers{0, 3, 6, 9}));
        QVERIFY((numbers(framesFor(60, {0, 4}, sampling)) == Numbers{7, 22, 37, 52}));
        QVERIFY((numbers(framesFor(2, {4}, sampling)) == Numbers{0, 1}));
        QCOMPARE(failureOf([&] { framesFor(60, {4, 8}, sampling); }).code, ErrorCode::Usage);
        const VideoSampling windows{.every = 30, .windows = true, .batch = 1};
        QVERIFY((numbers(framesFor(61, {4, 8}, windows)) == Numbers{0, 30, 60}));
    }
};

QTEST_APPLESS_MAIN(PlanTest)
#include "plan_test.moc"
