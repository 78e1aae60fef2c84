#include <limits>

#include <QTest>

#include "core/media/frame_sampling.h"
#include "core/media/frame_stamps.h"
#include "core/media/video_container.h"

using namespace vitreous;

namespace {

std::vector<std::size_t> values(const std::vector<FrameIndex>& frames) {
    std::vector<std::size_t> numbers;
    for (const FrameIndex frame : frames) {
        numbers.push_back(frame.value);
    }
    return numbers;
}

using Numbers = std::vector<std::size_t>;

} // namespace

class FrameSamplingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void samplesLieInTheMiddleOfTheirParts() {
        QCOMPARE(values(sampledEvenly(100, 4)), (Numbers{12, 37, 62, 87}));
        QCOMPARE(values(sampledEvenly(16, 16)).back(), std::size_t(15));
        QCOMPARE(values(sampledEvenly(117, 16)).front(), std::size_t(3)); // floor(3.65625)
        QCOMPARE(values(sampledEvenly(117, 16))[1], std::size_t(10));     // floor(10.96875)
        QCOMPARE(values(sampledEvenly(3, 6)), (Numbers{0, 0, 1, 1, 2, 2}));
        QCOMPARE(values(sampledEvenly(1, 3)), (Numbers{0, 0, 0}));
    }

    void nothingIsSampledFromNothing() {
        QVERIFY(sampledEvenly(0, 4).empty());
        QVERIFY(sampledEvenly(-3, 4).empty());
        QVERIFY(sampledEvenly(10, 0).empty());
        QVERIFY(sampledEvenly(10, -1).empty());
        QVERIFY(everyNth(0, 1).empty());
        QVERIFY(everyNth(10, 0).empty());
    }

    void largeTotalsDoNotOverflow() {
        const std::int64_t most = std::numeric_limits<std::int64_t>::max();
        const Numbers frames = values(sampledEvenly(most, 2));
        QCOMPARE(frames[0], std::size_t(most / 4));
        QVERIFY(frames[1] > frames[0] && frames[1] < std::size_t(most));
    }

    void everyNthBeginsWithTheFirst() {
        QCOMPARE(values(everyNth(10, 4)), (Numbers{0, 4, 8}));
        QCOMPARE(values(everyNth(8, 4)), (Numbers{0, 4}));
        QCOMPARE(values(everyNth(3, 100)), (Numbers{0}));
    }

    void videosAreToldByTheirNames() {
        QVERIFY(isVideoPath("a/b.MP4"));
        QVERIFY(isVideoPath("b.webm"));
        QVERIFY(!isVideoPath("b.png"));
        QVERIFY(!isVideoPath("mp4"));
        for (const std::string& extension : videoExtensions()) {
            QVERIFY(isVideoPath("x" + extension));
        }
    }

    void stampsTellTheirFrames() {
        FrameStamps stamps;
        for (const std::int64_t micros : {80, 120, 160, 160, 200, 0, 280}) {
            stamps.add(micros);
        }
        QVERIFY(stamps.tellPlaces());
        QCOMPARE(stamps.find(120), std::optional<std::size_t>(1));
        QCOMPARE(stamps.find(200), std::optional<std::size_t>(4));
        QCOMPARE(stamps.find(280), std::optional<std::size_t>(6));
        QVERIFY(!stamps.find(80));  // the first frame's may be another kind of time
        QVERIFY(!stamps.find(160)); // of two frames
        QVERIFY(!stamps.find(130));
        QVERIFY(!stamps.find(0));
        QVERIFY(stamps.matches(4, 200));
        QVERIFY(!stamps.matches(4, 160));
        QVERIFY(stamps.matches(5, 240)); // it has none
        stamps.add(240);
        QVERIFY(!stamps.tellPlaces());
        QVERIFY(!stamps.find(120));
    }

    void stampsAreForeseenWithALag() {
        FrameStamps learnt;
        for (const std::int64_t micros : {0, 10, 20, 40, 50}) {
            learnt.add(micros);
        }
        const std::vector<std::int64_t> container = {-20, -10, 0, 10, 20, 40, 50, 90, 91, 100};
        ExpectedStamps expected;
        QVERIFY(expected.suppose(container, learnt));
        QVERIFY(!expected.isTrusted());
        expected.decide(true);
        QCOMPARE(expected.placeOf(90), std::optional<std::size_t>(5));
        QVERIFY(!expected.placeOf(95));
        learnt.add(91); // one was left out
        QVERIFY(!ExpectedStamps().suppose(container, learnt));
        FrameStamps few;
        few.add(0);
        few.add(10);
        QVERIFY(!ExpectedStamps().suppose(container, few));
    }
};

QTEST_GUILESS_MAIN(FrameSamplingTest)
#include "frame_sampling_test.moc"
