// Which frames of a video are computed, which are kept, and what is said where some do not come.

#include <algorithm>

#include <QFile>
#include <QSignalSpy>

#include "tests/app/video_fixture.h"

using namespace vitreous;
using vitreous::testing::film_frames;
using vitreous::testing::patience_ms;

class VideoWorkTest : public QObject, private vitreous::testing::VideoFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { makeWindowAndFilm(); }
    void cleanup() { closeWindowAndFilm(); }

    void playingWaitsForATokensAttention() {
        openAll({"a.pth"});
        pinToken();
        settle();
        QVERIFY(isShown(0));
        control_->running.close();
        int blank = 0;
        connect(session_.get(), &Session::viewChanged, this, [this, &blank] {
            blank += isShown(0) ? 0 : 1;
        });
        session_->setPlaying(true);
        QTest::qWait(500);
        QCOMPARE(session_->frame(), FrameIndex{0});
        control_->running.open();
        QTRY_VERIFY_WITH_TIMEOUT(!session_->isPlaying(), patience_ms);
        QCOMPARE(session_->frame(), FrameIndex{film_frames - 1});
        QCOMPARE(blank, 0);
    }

    void playingWaitsForTheNextClipsAttention() {
        openAll({"clip.pth"});
        window_->actions()["video.windows"]->trigger();
        pinToken();
        settle();
        int blank = 0;
        connect(session_.get(), &Session::viewChanged, this, [this, &blank] {
            blank += isShown(0) ? 0 : 1;
        });
        session_->setPlaying(true);
        QTRY_VERIFY_WITH_TIMEOUT(!session_->isPlaying(), patience_ms);
        QCOMPARE(session_->frame(), FrameIndex{film_frames - 1});
        QCOMPARE(blank, 0);
    }

    void onlyTheAttentionThatIsLookedAtIsComputed() {
        openAll({"a.pth"});
        pinToken();
        settle();
        const int analyses = control_->analyses;
        control_->running.close();
        session_->setFrame(FrameIndex{5}, ViewChange::Continued);
        QTRY_COMPARE_WITH_TIMEOUT(control_->analyses, analyses + 1, patience_ms);
        for (const std::size_t frame : {6U, 7U, 8U}) {
            session_->setFrame(FrameIndex{frame}, ViewChange::Continued);
        }
        control_->running.open();
        settle();
        // The one that had begun, and the last one.
        QCOMPARE(control_->analyses, analyses + 2);
        QVERIFY(isShown(0));
    }

    void attentionStaysWhenTheFramesAroundItCome() {
        pinToken();
        openAll({"a.pth"});
        QVERIFY(isShown(0));
        QCOMPARE(control_->analyses, 1 + film_frames / 4);
    }

    void oneFailureCostsOnlyItsFrames() {
        control_->fails_at = 2;
        const QSignalSpy noticed(session_.get(), &Session::noticed);
        openAll({"a.pth"});
        QCOMPARE(control_->analyses, film_frames / 4);
        QVERIFY(isShown(0));
        QVERIFY(session_->videoWork().isComputed(FrameIndex{19}));
        QCOMPARE(noticed.count(), 1);
        QCOMPARE(noticed[0][0].toString(), QString("a has no maps of some frames: out of memory"));
        QCOMPARE(session_->failures().size(), std::size_t(1));
        session_->setFrame(FrameIndex{5}, ViewChange::Step);
        settle();
        QCOMPARE(session_->rows()[0].message, QString("Out of memory"));
        QCOMPARE(control_->analyses, film_frames / 4);
        // What failed once is tried again where that is asked for.
        session_->runAgain();
        settle();
        QVERIFY(session_->videoWork().isComputed(FrameIndex{5}));
        QVERIFY(session_->failures().empty());
    }

    void aVideoThatVanishesKeepsItsMaps() {
        openAll({"a.pth"});
        session_->setCacheLimit(session_->resultBytes() * 10 / film_frames);
        session_->setFrame(FrameIndex{12}, ViewChange::Step);
        settle();
        QVERIFY(!session_->videoWork().isComputed(FrameIndex{5}));
        QVERIFY(QFile::remove(files_->path("film.mp4")));
        const QSignalSpy noticed(session_.get(), &Session::noticed);
        session_->setFrame(FrameIndex{5}, ViewChange::Step);
        settle();
        QVERIFY(session_->video() != nullptr);
        QVERIFY(timeline()->isVisible());
        QVERIFY2(
            session_->rows()[0].message.contains("film.mp4"),
            qPrintable(session_->rows()[0].message));
        QCOMPARE(noticed.count(), 1);
        QCOMPARE(session_->failures().size(), std::size_t(1));
        session_->setFrame(FrameIndex{12}, ViewChange::Step);
        settle();
        QVERIFY(isShown(0));
        QCOMPARE(noticed.count(), 1);
    }

    void picturesAndVideosShareTheBound() {
        openAll({"a.pth"});
        const std::uint64_t all = session_->resultBytes();
        session_->setCacheLimit(all);
        for (const char* name : {"x.png", "y.png"}) {
            session_->open(files_->make({name}));
            settle();
            QVERIFY(isShown(0));
            QVERIFY(session_->resultBytes() <= all);
        }
        // Of a video that is not looked at as much stays as there is room for.
        QVERIFY(session_->resultBytes() > all / 2);
        session_->setCacheLimit(all / 2);
        QVERIFY(session_->resultBytes() <= all / 2);
        QVERIFY(isShown(0));
        const int analyses = control_->analyses;
        session_->setCurrentInput(session_->inputs().items()[0].id);
        QVERIFY(isShown(0));
        settle();
        QVERIFY(session_->resultBytes() <= all / 2);
        QVERIFY(control_->analyses < analyses + film_frames / 4);
    }

    void theFilmstripIsFilledFirst() {
        showFilmstrip(4);
        control_->running.close();
        session_->open(files_->make({"a.pth"}) + QStringList{files_->path("film.mp4")});
        QTRY_COMPARE_WITH_TIMEOUT(control_->analyses, 1, patience_ms);
        bool is_filled_first = false;
        connect(&session_->videoWork(), &VideoWork::changed, this, [this, &is_filled_first] {
            const VideoWork& work = session_->videoWork();
            is_filled_first = is_filled_first ||
                              (work.isComputed(FrameIndex{17}) && !work.isComputed(FrameIndex{8}));
        });
        control_->running.open();
        settle();
        QVERIFY(is_filled_first);
        QVERIFY(session_->videoWork().isComputed(FrameIndex{8}));
    }

    void theFilmstripIsKeptWhateverTheLength() {
        openAll({"a.pth"});
        session_->setCacheLimit(session_->resultBytes() * 12 / film_frames);
        showFilmstrip(4);
        settle();
        for (const std::size_t frame : {0U, 10U, 5U}) {
            session_->setFrame(FrameIndex{frame}, ViewChange::Step);
            settle();
            QCOMPARE(scene().columns.size(), std::size_t(4));
            const std::vector<GridCell>& cells = scene().cells[1];
            QVERIFY(std::all_of(
                cells.begin(), cells.end(), [](const GridCell& cell) { return cell.present; }));
            QVERIFY(session_->videoWork().isComputed(FrameIndex{frame}));
        }
    }

    void centringConcernsClipsAlone() {
        openAll({"a.pth", "clip.pth"});
        const int analyses = control_->analyses;
        window_->actions()["video.centre_frame"]->trigger();
        QVERIFY(isShown(0));
        QVERIFY(!isShown(1));
        settle();
        QVERIFY(isShown(1));
        QCOMPARE(control_->analyses, analyses + 1);
    }

    void centringStopsClipsAlone() {
        openAll({"clip.pth"});
        control_->running.close();
        window_->actions()["video.centre_frame"]->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(control_->analyses, 2, patience_ms);
        window_->actions()["video.centre_joint"]->trigger();
        // The one that was running is stopped: nothing else opens the gate for it.
        QTRY_COMPARE_WITH_TIMEOUT(control_->analyses, 3, patience_ms);
        control_->running.open();
        settle();
        QCOMPARE(control_->finished, 2);
        QVERIFY(isShown(0));
    }

    void rangesAreOfTheFramesThatAreWanted() {
        openAll({"a.pth"});
        const ValueRange before = rangeShown();
        window_->actions()["video.every_5"]->trigger();
        settle();
        QVERIFY(session_->rows()[0].has_all_frames);
        QCOMPARE(rangeShown().low, before.low);
        // Without the last four frames, each 4 brighter than the one before.
        QVERIFY(rangeShown().high < before.high - 10);
        window_->actions()["video.every_1"]->trigger();
        settle();
        QCOMPARE(rangeShown(), before);
    }

    void allFramesAreThoseThatAreWanted() {
        openAll({"a.pth"});
        session_->setCacheLimit(session_->resultBytes() * 12 / film_frames);
        control_->running.close();
        window_->actions()["video.every_5"]->trigger();
        QVERIFY(!session_->rows()[0].has_all_frames);
        QVERIFY(session_->videoWork().fraction() < 1.0);
    }

    void framesThatNobodyWantsGoFirst() {
        openAll({"a.pth"});
        const int analyses = control_->analyses;
        window_->actions()["video.every_2"]->trigger();
        session_->setCacheLimit(session_->resultBytes() * 14 / film_frames);
        settle();
        for (const FrameIndex frame : session_->videoWork().frames()) {
            QVERIFY(session_->videoWork().isComputed(frame));
        }
        QCOMPARE(control_->analyses, analyses);
    }

    void whatWentIsComputedAgainOnceThereIsRoom() {
        openAll({"a.pth"});
        const std::uint64_t all = session_->resultBytes();
        session_->setCacheLimit(all * 10 / film_frames);
        session_->setFrame(FrameIndex{9}, ViewChange::Step);
        settle();
        QVERIFY(!session_->videoWork().isComputed(FrameIndex{2}));
        session_->setCacheLimit(all * 2);
        settle();
        for (const FrameIndex frame : session_->videoWork().frames()) {
            QVERIFY(session_->videoWork().isComputed(frame));
        }
    }

    void onlyFramesThatMayGoAreLookedAt() {
        VideoResults results;
        for (std::size_t frame = 0; frame < 1000; ++frame) {
            for (const std::size_t model : {0U, 1U}) {
                results.add(
                    ModelId{model}, FrameIndex{frame}, {std::make_shared<AnalysisResult>(), {}});
            }
        }
        std::vector<FrameIndex> asked;
        const auto gone = results.keepWithin(
            results.bytes() - 6 * results.frameBytes() / 2, FrameIndex{1},
            [&asked](ModelId, FrameIndex frame) {
                asked.push_back(frame);
                return frame == FrameIndex{999};
            });
        const std::vector<FrameIndex> expected = {FrameIndex{0},   FrameIndex{0},   FrameIndex{999},
                                                  FrameIndex{999}, FrameIndex{998}, FrameIndex{998},
                                                  FrameIndex{997}, FrameIndex{997}};
        QCOMPARE(asked, expected);
        QCOMPARE(gone.size(), std::size_t(6));
        QVERIFY(results.find(ModelId{1}, FrameIndex{1}) != nullptr);
    }

private:
    [[nodiscard]] bool isShown(std::size_t row) {
        const std::vector<GridCell>& cells = scene().cells.at(row);
        return !cells.empty() && cells[0].present;
    }
    void settle() { QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms); }
    void pinToken() {
        ViewState view = session_->view();
        view.map = MapKind::ClsAttention;
        view.query = AttentionQuery::PinnedToken;
        view.selection.pinned = TokenPlace{TokenIndex{3}, 2, 2};
        session_->setView(view);
    }
    void showFilmstrip(int columns) {
        ViewState view = session_->view();
        view.kind = GridKind::Filmstrip;
        view.video.columns = columns;
        session_->setView(view);
    }
};

QTEST_MAIN(VideoWorkTest)
#include "video_work_test.moc"
