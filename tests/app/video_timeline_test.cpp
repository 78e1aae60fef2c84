// How the timeline follows a video: its frame, its times, its file.

#include <atomic>
#include <cmath>
#include <memory>

#include <QSignalSpy>

#include "app/desktop/frame_thumbnails.h"
#include "app/desktop/thumbnail_loader.h"
#include "app/desktop/traces.h"
#include "core/media/video_writer.h"
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

    void aFileThatIsReadAgainHasOtherThumbnails() {
        openAll({});
        auto* strip = timeline()->findChild<TimelineStrip*>();
        const auto lightness = [strip] {
            return strip->grab().toImage().pixelColor(30, 20).lightness();
        };
        QTRY_VERIFY_WITH_TIMEOUT(lightness() < 100, patience_ms);
        writeBright(files_->path("film.mp4"));
        session_->runAgain();
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QTRY_VERIFY_WITH_TIMEOUT(lightness() > 230, patience_ms);
    }

    void aVideoIsOpenedOnceForItsThumbnails() {
        FrameThumbnails thumbnails;
        QSignalSpy ready(&thumbnails, &FrameThumbnails::ready);
        const QString path = files_->path("film.mp4");
        const std::filesystem::path file = path.toStdString();
        thumbnails.request(file, 1, {FrameIndex{3}}, 24);
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, patience_ms);
        // What is open is read on, whatever became of the path.
        QVERIFY(QFile::remove(path));
        thumbnails.request(file, 1, {FrameIndex{12}}, 24);
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 2, patience_ms);
        QCOMPARE(ready.back()[0].value<FrameIndex>(), FrameIndex{12});
        const auto dark = ready.back()[1].value<QImage>().pixelColor(0, 0).lightness();
        QVERIFY(dark < 120);
        // Another reading, another file.
        writeBright(path);
        thumbnails.request(file, 2, {FrameIndex{12}}, 24);
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 3, patience_ms);
        QVERIFY(ready.back()[1].value<QImage>().pixelColor(0, 0).lightness() > 200);
        // What is cancelled is let go of.
        thumbnails.cancel();
        QVERIFY(QFile::remove(path));
        QTest::qWait(200);
        thumbnails.request(file, 2, {FrameIndex{14}}, 24);
        QTest::qWait(200);
        QCOMPARE(ready.count(), 3);
    }

    void anOpenVideoOutlivesWhatItWasOpenedFor() {
        const std::filesystem::path file = files_->path("film.mp4").toStdString();
        std::stop_source end;
        KeptVideo video(end.get_token());
        std::stop_source request;
        request.request_stop();
        QVERIFY_THROWS_EXCEPTION(Error, video.open(file, 0, request.get_token()));
        request = std::stop_source();
        VideoReader& reader = video.open(file, 0, request.get_token());
        request.request_stop();
        QVERIFY(reader.next().has_value());
        QCOMPARE(&video.open(file, 0, request.get_token()), &reader);
        end.request_stop();
        QVERIFY_THROWS_EXCEPTION(Error, reader.next());
    }

    void tracesKeepUpWithWhatIsComputed() {
        openAll({"a.pth", "b.pth"});
        ViewState view = session_->view();
        view.selection.pinned = TokenPlace{TokenIndex{1}, 2, 2};
        TraceReader kept(*session_);
        int compared = 0;
        const auto compare = [&] {
            TraceReader fresh(*session_);
            const std::vector<Trace>& now = kept.read(view, "blocks.1");
            const std::vector<Trace>& due = fresh.read(view, "blocks.1");
            QCOMPARE(now.size(), due.size());
            for (std::size_t i = 0; i < now.size(); ++i) {
                QVERIFY(now[i].isSameAs(due[i]));
            }
            ++compared;
        };
        compare();
        QCOMPARE(kept.read(view, "blocks.1").size(), std::size_t(2));
        const double before = kept.read(view, "blocks.1")[0].values[12];
        auto watch = std::make_unique<QObject>();
        connect(&session_->videoWork(), &VideoWork::changed, watch.get(), compare);
        // Fewer frames, and other ones.
        window_->actions()["video.every_5"]->trigger();
        session_->setCacheLimit(session_->resultBytes() / 2);
        session_->setCacheLimit(std::uint64_t{1} << 30U);
        window_->actions()["video.every_1"]->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QVERIFY(compared > 4);
        // Other results of the same frames, with no look in between.
        watch.reset();
        writeBright(files_->path("film.mp4"));
        session_->runAgain();
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        compare();
        QVERIFY(kept.read(view, "blocks.1")[0].values[12] > before + 30);
        view.map = MapKind::Frequency;
        compare();
    }

    void aVideoWhoseReadingIsCancelledIsReadAgain() {
        control_->reading.close();
        session_->open(files_->make({"a.pth"}) + QStringList{files_->path("film.mp4")});
        QTRY_COMPARE_WITH_TIMEOUT(control_->reads, 1, patience_ms);
        QTRY_COMPARE_WITH_TIMEOUT(
            session_->models().items()[0].state, ModelItem::State::Ready, patience_ms);
        window_->actions()["run.cancel"]->trigger();
        control_->reading.open();
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QTest::qWait(200);
        QCOMPARE(session_->rows()[0].message, QString("Cancelled. F5 runs it again."));
        session_->runAgain();
        QTRY_VERIFY_WITH_TIMEOUT(session_->videoWork().isComputed(FrameIndex{19}), patience_ms);
    }

    void whatIsRemovedIsReadNoLonger() {
        vitreous::testing::Gate gate;
        gate.close();
        std::atomic<int> reads = 0;
        ThumbnailLoader loader([&](const std::filesystem::path&, const Task& task) -> InputData {
            ++reads;
            gate.pass(task);
            return Image{.width = 1, .height = 1, .pixels = {1, 2, 3}};
        });
        QSignalSpy ready(&loader, &ThumbnailLoader::ready);
        QSignalSpy failed(&loader, &ThumbnailLoader::failed);
        loader.request(InputId{1}, "long.mp4");
        loader.request(InputId{2}, "next.mp4");
        QTRY_COMPARE_WITH_TIMEOUT(reads.load(), 1, patience_ms);
        loader.remove(InputId{1});
        QCOMPARE(loader.pending(), 1);
        // The next one has its turn.
        QTRY_COMPARE_WITH_TIMEOUT(reads.load(), 2, patience_ms);
        gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, patience_ms);
        QCOMPARE(ready[0][0].value<InputId>(), InputId{2});
        QCOMPARE(loader.pending(), 0);
        gate.close();
        loader.request(InputId{3}, "long.mp4");
        QTRY_COMPARE_WITH_TIMEOUT(reads.load(), 3, patience_ms);
        loader.cancel();
        loader.remove(InputId{3});
        QCOMPARE(loader.pending(), 0);
        loader.request(InputId{4}, "next.mp4");
        QTRY_COMPARE_WITH_TIMEOUT(reads.load(), 4, patience_ms);
        gate.open();
        QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 2, patience_ms);
        QCOMPARE(loader.pending(), 0);
        QCOMPARE(failed.count(), 0);
    }

private:
    static void writeBright(const QString& path) {
        VideoWriter writer(path.toStdString(), 64, 48, 10.0);
        for (int frame = 0; frame < vitreous::testing::film_frames; ++frame) {
            writer.add({64, 48, std::vector<std::uint8_t>(std::size_t{64} * 48 * 3, 240)});
        }
        writer.finish();
    }
};

QTEST_MAIN(VideoTimelineTest)
#include "video_timeline_test.moc"
