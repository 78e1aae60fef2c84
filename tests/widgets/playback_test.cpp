// Which frame of a playing video is due, told by a clock that the test turns.

#include <QTest>

#include "widgets/playback.h"

using namespace vitreous;

namespace {

/// One second at 4 frames per second, then slower.
const std::vector<double> variable = {0.0, 0.25, 0.5, 0.75, 1.0, 2.0, 4.0};

std::size_t due(const PlaybackClock& clock, double now) {
    return clock.at(now).position;
}

} // namespace

class PlaybackTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theLastFrameIsShownAsLongAsTheOneBefore() {
        QCOMPARE(endOf(variable), 6.0);
        QCOMPARE(endOf({0.5}), 1.5);
        QCOMPARE(endOf({}), 0.0);
    }
    void aTimeIsOfTheFrameThatBeganLast() {
        QCOMPARE(positionAt(variable, -1.0), std::size_t(0));
        QCOMPARE(positionAt(variable, 0.25), std::size_t(1));
        QCOMPARE(positionAt(variable, 1.999), std::size_t(4));
        QCOMPARE(positionAt(variable, 100.0), std::size_t(6));
    }
    void framesTakeTheirOwnTime() {
        const PlaybackClock clock(variable, 0, 1.0, false, 100.0);
        QCOMPARE(due(clock, 100.0), std::size_t(0));
        QCOMPARE(due(clock, 100.24), std::size_t(0));
        QCOMPARE(due(clock, 100.25), std::size_t(1));
        QCOMPARE(due(clock, 101.5), std::size_t(4));
        QCOMPARE(due(clock, 103.75), std::size_t(5));
        QCOMPARE(clock.at(101.5).next_in_secs, 0.5);
    }
    void framesThatComeTooLateAreLeftOut() {
        const PlaybackClock clock(variable, 1, 1.0, false, 0.0);
        QCOMPARE(due(clock, 0.0), std::size_t(1));
        QCOMPARE(due(clock, 0.6), std::size_t(3));
    }
    void itEndsOnceTheLastFrameWasShown() {
        const PlaybackClock clock(variable, 5, 1.0, false, 0.0);
        QCOMPARE(clock.at(3.5), (PlaybackClock::Due{6, false, 0.5}));
        QCOMPARE(clock.at(4.0), (PlaybackClock::Due{6, true, 0.0}));
        QCOMPARE(clock.at(1e6), (PlaybackClock::Due{6, true, 0.0}));
    }
    void aLoopBeginsAgain() {
        const PlaybackClock clock({0.5, 1.0, 1.5, 2.0}, 3, 1.0, true, 0.0);
        QCOMPARE(due(clock, 0.25), std::size_t(3));
        QCOMPARE(due(clock, 0.5), std::size_t(0));
        QCOMPARE(due(clock, 1.0), std::size_t(1));
        // Three rounds later.
        QCOMPARE(due(clock, 7.0), std::size_t(1));
        QVERIFY(!clock.at(1e6).has_ended);
    }
    void speedChangesOnTheWay() {
        PlaybackClock clock(variable, 0, 1.0, false, 0.0);
        clock.setSpeed(4.0, 0.3);
        QCOMPARE(due(clock, 0.3), std::size_t(1));
        QCOMPARE(due(clock, 0.4), std::size_t(2));
        QCOMPARE(clock.at(0.4).next_in_secs, 0.0125);
        clock.setSpeed(0.5, 0.4); // 0.7 s into the video
        QCOMPARE(due(clock, 0.49), std::size_t(2));
        QCOMPARE(due(clock, 0.51), std::size_t(3));
    }
    void theLoopIsSwitchedOnTheWay() {
        PlaybackClock clock({0.0, 1.0, 2.0}, 0, 1.0, true, 0.0);
        clock.setLoop(false, 4.5); // 1.5 s into the second round
        QCOMPARE(due(clock, 4.5), std::size_t(1));
        QVERIFY(clock.at(6.1).has_ended);
        clock.setLoop(true, 50.0);
        QCOMPARE(clock.at(50.5), (PlaybackClock::Due{2, false, 0.5}));
        QCOMPARE(due(clock, 51.5), std::size_t(0));
    }
    void framesGetTheirTimesOnTheWay() {
        PlaybackClock clock({0.0, 1.0, 2.0, 3.0}, 0, 1.0, false, 0.0);
        clock.setTimes({0.0, 2.0, 4.0, 6.0}, 1.5);
        QCOMPARE(clock.at(1.5), (PlaybackClock::Due{1, false, 1.5}));
        QCOMPARE(due(clock, 3.0), std::size_t(2));
    }
    void anotherFrameIsSought() {
        PlaybackClock clock(variable, 0, 2.0, false, 0.0);
        clock.seek(4, 10.0);
        QCOMPARE(due(clock, 10.4), std::size_t(4));
        QCOMPARE(due(clock, 10.5), std::size_t(5));
        clock.seek(400, 11.0);
        QCOMPARE(due(clock, 11.0), std::size_t(6));
    }
    void withoutFramesItHasEnded() {
        const PlaybackClock clock({}, 0, 1.0, true, 0.0);
        QCOMPARE(clock.at(1.0), (PlaybackClock::Due{0, true, 0.0}));
    }
};

QTEST_GUILESS_MAIN(PlaybackTest)
#include "playback_test.moc"
