// How the timeline follows a video: its frame, its times, its file.

#include <algorithm>
#include <cmath>

#include <QSignalSpy>

#include "tests/app/video_fixture.h"

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
};

QTEST_MAIN(VideoTimelineTest)
#include "video_timeline_test.moc"
