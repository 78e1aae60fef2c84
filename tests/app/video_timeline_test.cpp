// How the timeline follows a video: its frame, its times, its file.

#include <algorithm>
#include <cmath>

#include <QSignalSpy>

#include "tests/app/video_fixture.h"
#include "widgets/timeline_strip.h"

using namespace vitreous;
using vitreous::testing::patience_ms;

class VideoTimelineTest : public QObject, private vitreous::testing::VideoFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { makeWindowAndFilm(); }
    void cleanup() { closeWindowAndFilm(); }

    void whoJumpsWhilePlayingPlaysOnFromThere() {
        openAll({"a.pth"});
        ViewState view = session_->view();
        view.video.speed = 0.25;
        session_->setView(view);
        session_->setPlaying(true);
        // As a click into the trace does it.
        session_->setFrame(session_->frameAt(1.5), ViewChange::Step);
        QCOMPARE(session_->frame(), FrameIndex{15});
        QTest::qWait(100);
        QVERIFY(session_->frame() >= FrameIndex{15});
        session_->undo();
        QTest::qWait(100);
        QVERIFY(session_->frame() < FrameIndex{10});
        QVERIFY(session_->isPlaying());
    }

    void theFileTellsAllTimesAtOnce() {
        // Frames of a mean rate that none of them keeps.
        const auto due = [](std::size_t i) {
            return double(i * 40 + i / 7 * 120 + i / 50 * 800) / 1000.0;
        };
        control_->running.close();
        session_->open(
            files_->make({"a.pth"}) + QStringList{VITREOUS_TEST_DATA "/video/uneven.mp4"});
        QTRY_COMPARE_WITH_TIMEOUT(control_->analyses, 1, patience_ms);
        QVERIFY(session_->videoWork().isBusy());
        const auto* strip = timeline()->findChild<TimelineStrip*>();
        QTRY_COMPARE_WITH_TIMEOUT(strip->times().size(), std::size_t(120), patience_ms);
        for (std::size_t i = 0; i < 120; ++i) {
            QVERIFY(std::abs(strip->times()[i] - due(i)) < 0.002);
            QVERIFY(std::abs(session_->timeOf(FrameIndex{i}) - due(i)) < 0.002);
            QCOMPARE(session_->frameAt(due(i) + 0.01), FrameIndex{i});
        }
    }
};

QTEST_MAIN(VideoTimelineTest)
#include "video_timeline_test.moc"
