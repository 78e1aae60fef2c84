// Videos in the real window.

#include <algorithm>
#include <cmath>
#include <numeric>

#include <QDialogButtonBox>
#include <QDir>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>

#include "app/desktop/range_dialog.h"
#include "app/desktop/timeline_panel.h"
#include "app/desktop/video_actions.h"
#include "tests/app/video_fixture.h"

using namespace vitreous;
using vitreous::testing::writeVideo;

namespace {

constexpr int frame_count = vitreous::testing::film_frames;
constexpr int patience_ms = vitreous::testing::patience_ms;

} // namespace

class VideoTest : public QObject, private vitreous::testing::VideoFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { makeWindowAndFilm(); }
    void cleanup() { closeWindowAndFilm(); }

    void aVideoIsAnInputWithItsFrames() {
        openAll({"a.pth", "b.pth"});
        const InputItem& item = session_->inputs().items().front();
        QCOMPARE(describe(item), QString("64 × 48, 20 frames, 2.0 s"));
        QVERIFY(!item.thumbnail.isNull());
        QCOMPARE(session_->videoWork().frames().size(), std::size_t(frame_count));
        for (const FrameIndex frame : session_->videoWork().frames()) {
            QVERIFY(session_->videoWork().isComputed(frame));
        }
        QVERIFY(timeline()->isVisible());
        QCOMPARE(scene().rows.size(), std::size_t(2));
        QVERIFY(scene().cells[1][1].present);
        QVERIFY(session_->failures().empty());
    }

    void aStillPictureHasNoTimeline() {
        openAll({"a.pth"});
        QVERIFY(timeline()->isVisible());
        session_->open(files_->make({"x.png"}));
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QVERIFY(!timeline()->isVisible());
        QVERIFY(!window_->actions()["video.play"]->isEnabled());
        QVERIFY(scene().rows[0].result);
        QVERIFY(!scene().rows[0].extents);
    }

    void everyFrameHasItsOwnMaps() {
        openAll({"a.pth"});
        const float first = valueShown();
        session_->setFrame(FrameIndex{10}, ViewChange::Step);
        QVERIFY(valueShown() > first + 30);
        window_->actions()["video.next"]->trigger();
        QCOMPARE(session_->frame(), FrameIndex{11});
        window_->actions()["video.previous"]->trigger();
        QCOMPARE(session_->frame(), FrameIndex{10});
        session_->undo();
        QCOMPARE(session_->frame(), FrameIndex{0});
        QCOMPARE(valueShown(), first);
    }

    void rangesHoldForAllFrames() {
        openAll({"a.pth"});
        const ValueRange first = rangeShown();
        session_->setFrame(FrameIndex{19}, ViewChange::Step);
        QCOMPARE(rangeShown(), first);
        QVERIFY(first.high > first.low + 60);
        window_->actions()["video.range_frame"]->trigger();
        QVERIFY(rangeShown().high < rangeShown().low + 10);
        QCOMPARE(rangeShown().low, double(valueShown()));
    }

    void whatIsLookedAtIsComputedNext() {
        control_->running.close();
        session_->open(files_->make({"a.pth"}) + QStringList{files_->path("film.mp4")});
        QTRY_COMPARE_WITH_TIMEOUT(control_->analyses, 1, patience_ms);
        session_->setFrame(FrameIndex{15}, ViewChange::Step);
        std::vector<std::size_t> order;
        connect(&session_->videoWork(), &VideoWork::changed, this, [this, &order] {
            const std::size_t count =
                session_->videoWork().results().frames(session_->models().items()[0].id).size();
            if (order.empty() || count != order.back()) {
                order.push_back(count);
            }
            if (order.size() == 2) {
                // The batch that was running, then the one with the frame.
                QVERIFY(session_->videoWork().isComputed(FrameIndex{15}));
                QVERIFY(!session_->videoWork().isComputed(FrameIndex{8}));
            }
        });
        control_->running.open();
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QVERIFY(order.size() >= 3);
        QVERIFY(session_->videoWork().isComputed(FrameIndex{8}));
    }

    void playingShowsFrameAfterFrameAndEnds() {
        openAll({"a.pth"});
        session_->setFrame(FrameIndex{15}, ViewChange::Step);
        const QSignalSpy looks(session_.get(), &Session::viewChanged);
        window_->actions()["video.play"]->trigger();
        QVERIFY(session_->isPlaying());
        QTRY_VERIFY_WITH_TIMEOUT(!session_->isPlaying(), patience_ms);
        QCOMPARE(session_->frame(), FrameIndex{19});
        QVERIFY(looks.count() >= 1);
        // Nobody has to undo what only went by.
        session_->undo();
        QCOMPARE(session_->frame(), FrameIndex{0});
        // And what is undone of the view leaves the place.
        window_->actions()["view.frequency"]->trigger();
        session_->playFrame(FrameIndex{4});
        session_->undo();
        QCOMPARE(session_->view().map, MapKind::Magnitude);
        QCOMPARE(session_->frame(), FrameIndex{4});
    }

    void aLoopBeginsAgain() {
        openAll({"a.pth"});
        window_->actions()["video.loop"]->trigger();
        session_->setFrame(FrameIndex{18}, ViewChange::Step);
        session_->setPlaying(true);
        QTRY_VERIFY_WITH_TIMEOUT(session_->frame() < FrameIndex{18}, patience_ms);
        QVERIFY(session_->isPlaying());
        session_->setPlaying(false);
        session_->setFrame(FrameIndex{19}, ViewChange::Step);
        QCOMPARE(steppedFrame(*session_, 1), FrameIndex{0});
    }

    void playingWaitsForMaps() {
        control_->running.close();
        session_->open(files_->make({"a.pth"}) + QStringList{files_->path("film.mp4")});
        QTRY_COMPARE_WITH_TIMEOUT(control_->analyses, 1, patience_ms);
        session_->setPlaying(true);
        QTest::qWait(500);
        QCOMPARE(session_->frame(), FrameIndex{0});
        control_->running.open();
        QTRY_VERIFY_WITH_TIMEOUT(session_->frame() > FrameIndex{0}, patience_ms);
        session_->setPlaying(false);
    }

    void clipModelsSeeTheWholeVideo() {
        openAll({"clip.pth"});
        const std::vector<FrameIndex> frames = {
            FrameIndex{2}, FrameIndex{7}, FrameIndex{12}, FrameIndex{17}};
        QCOMPARE(session_->videoWork().frames(), frames);
        QCOMPARE(control_->finished, 1);
        const float first = valueShown();
        // Frames between are shown with the one before them.
        session_->setFrame(FrameIndex{10}, ViewChange::Step);
        QCOMPARE(valueShown(), first);
        session_->setFrame(FrameIndex{12}, ViewChange::Step);
        QCOMPARE(valueShown(), first + 100);
        QCOMPARE(scene().rows[0].result->picture.width, 224);
    }

    void consecutiveClipsSeeEveryFrame() {
        openAll({"clip.pth"});
        window_->actions()["video.windows"]->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QCOMPARE(session_->videoWork().frames().size(), std::size_t(frame_count));
        QCOMPARE(control_->finished, 6);
        session_->setFrame(FrameIndex{10}, ViewChange::Step);
        QVERIFY(scene().cells[0][0].present);
    }

    void bothKindsOfModelsSideBySide() {
        openAll({"a.pth", "clip.pth"});
        QCOMPARE(session_->videoWork().frames().size(), std::size_t(frame_count));
        session_->setFrame(FrameIndex{19}, ViewChange::Step);
        QVERIFY(scene().cells[0][0].present);
        QVERIFY(scene().cells[1][0].present);
        // A picture is none of a clip model's inputs.
        session_->open(files_->make({"x.png"}));
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QCOMPARE(session_->rows()[1].message, QString("Takes videos; this input is a picture."));
    }

    void everyNthFrame() {
        openAll({"a.pth"});
        window_->actions()["video.every_5"]->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        const std::vector<FrameIndex> frames = {
            FrameIndex{0}, FrameIndex{5}, FrameIndex{10}, FrameIndex{15}};
        QCOMPARE(session_->videoWork().frames(), frames);
        // What was computed before is kept.
        QCOMPARE(control_->analyses, 5);
    }

    void theFilmstripHasFramesAsColumns() {
        openAll({"a.pth", "b.pth"});
        window_->actions()["kind.filmstrip"]->trigger();
        window_->grid().refresh();
        QCOMPARE(scene().columns.size(), std::size_t(8));
        // The frames, and each model at two thresholds.
        QCOMPARE(scene().rows.size(), std::size_t(5));
        QVERIFY(scene().cells[1][7].present);
        QVERIFY(*scene().cells[1][0].threshold < *scene().cells[2][0].threshold);
    }

    void anyTokensAttentionIsThereForTheFrame() {
        openAll({"a.pth", "clip.pth"});
        ViewState view = session_->view();
        view.map = MapKind::ClsAttention;
        view.query = AttentionQuery::PinnedToken;
        view.selection.pinned = TokenPlace{TokenIndex{3}, 2, 2};
        session_->setView(view);
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QCOMPARE(scene().rows.size(), std::size_t(2));
        const auto sumOf = [this](std::size_t row) {
            const std::vector<float>& values = scene().cells[row][0].values;
            return std::accumulate(values.begin(), values.end(), 0.0F);
        };
        QVERIFY(scene().cells[0][0].present && scene().cells[1][0].present);
        QVERIFY(sumOf(0) > 0.9F && sumOf(0) < 1.0F);
        // Most of what a token of the clip's first half attends to lies in the second one.
        QVERIFY(sumOf(1) > 0.0F && sumOf(1) < 0.1F);
        const int analyses = control_->analyses;
        session_->setFrame(FrameIndex{17}, ViewChange::Step);
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        // The clip has its queries and keys, the other frame needs its own.
        QCOMPARE(control_->analyses, analyses + 1);
        QVERIFY(sumOf(1) > 0.9F);
        QVERIFY(sumOf(0) > 0.9F && sumOf(0) < 1.0F);
    }

    void theInspectorFollowsAPlaceThroughTime() {
        openAll({"a.pth", "b.pth"});
        QVERIFY(window_->inspector().traces().plot().traces().empty());
        ViewState view = session_->view();
        view.selection.pinned = TokenPlace{TokenIndex{1}, 2, 2};
        session_->setView(view);
        session_->setFrame(FrameIndex{5}, ViewChange::Step);
        window_->grid().refresh();
        const TracePlot& plot = window_->inspector().traces().plot();
        QCOMPARE(plot.traces().size(), std::size_t(2));
        QCOMPARE(plot.traces()[0].values.size(), std::size_t(frame_count));
        QVERIFY(plot.traces()[0].values[10] > plot.traces()[0].values[0] + 30);
        QVERIFY(std::abs(plot.now() - 0.5) < 0.01);
        // The same place, whatever frame is looked at.
        QCOMPARE(session_->view().selection.pinned->token, TokenIndex{1});
        QTest::mouseClick(
            const_cast<TracePlot*>(&plot), Qt::LeftButton, {},
            QPoint(int(plot.xOf(1.52)), plot.height() / 2));
        QCOMPARE(session_->frame(), FrameIndex{15});
    }

    void theFilmstripsThresholdsCanBeSet() {
        ViewState view;
        view.kind = GridKind::Filmstrip;
        RangeDialog dialog(view, {0.0, 1.0}, nullptr);
        const auto fields = dialog.findChildren<QLineEdit*>();
        const auto fieldOf = [&fields](const QString& name) {
            return *std::find_if(fields.begin(), fields.end(), [&name](const QLineEdit* field) {
                return field->accessibleName().startsWith(name);
            });
        };
        const auto type = [&](const QString& name, const QString& text) {
            fieldOf(name)->selectAll();
            QTest::keyClicks(fieldOf(name), text);
        };
        auto* ok = dialog.findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Ok);
        type("Low threshold", "0.9");
        QVERIFY(!ok->isEnabled());
        type("High threshold", "0.95");
        QVERIFY(ok->isEnabled());
        dialog.findChild<QSpinBox*>()->setValue(5);
        dialog.apply(view);
        QCOMPARE(view.video.low_level, 0.9);
        QCOMPARE(view.video.high_level, 0.95);
        QCOMPARE(view.video.columns, 5);
        QCOMPARE(view.threshold, 0.0);
    }

    void aModelThatRefusesIsSaidAndTheOtherGoesOn() {
        openAll({"picky.pth", "a.pth"});
        QCOMPARE(session_->rows()[0].message, QString("Expected another shape"));
        QVERIFY(scene().cells[1][0].present);
        QCOMPARE(session_->failures().size(), std::size_t(1));
    }

    void cancelStopsAndRunAgainGoesOn() {
        control_->running.close();
        session_->open(files_->make({"a.pth"}) + QStringList{files_->path("film.mp4")});
        QTRY_COMPARE_WITH_TIMEOUT(control_->analyses, 1, patience_ms);
        window_->actions()["run.cancel"]->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QCOMPARE(session_->rows()[0].message, QString("Cancelled. F5 runs it again."));
        control_->running.open();
        window_->actions()["run.again"]->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(session_->videoWork().isComputed(FrameIndex{19}), patience_ms);
    }

    void lookingOnAfterCancelGoesOn() {
        control_->running.close();
        session_->open(files_->make({"a.pth"}) + QStringList{files_->path("film.mp4")});
        QTRY_COMPARE_WITH_TIMEOUT(control_->analyses, 1, patience_ms);
        window_->actions()["run.cancel"]->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        control_->running.open();
        QVERIFY(!session_->videoWork().isComputed(FrameIndex{5}));
        session_->setFrame(FrameIndex{5}, ViewChange::Step);
        QTRY_VERIFY_WITH_TIMEOUT(session_->videoWork().isComputed(FrameIndex{5}), patience_ms);
    }

    void memoryStaysBounded() {
        openAll({"a.pth"});
        const std::uint64_t all = session_->resultBytes();
        session_->setCacheLimit(all * 17 / frame_count);
        QVERIFY(session_->resultBytes() <= all * 17 / frame_count);
        session_->setFrame(FrameIndex{12}, ViewChange::Step);
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QVERIFY(session_->videoWork().isComputed(FrameIndex{12}));
        QVERIFY(session_->videoWork().isComputed(FrameIndex{19}));
        // What was shown longest ago goes: the frame just before.
        QVERIFY(!session_->videoWork().isComputed(FrameIndex{11}));
        QVERIFY(session_->resultBytes() <= all * 17 / frame_count);
        // Ranges remember what has gone.
        QVERIFY(rangeShown().low < double(valueShown()) - 40);
    }

    void aFullMemoryComesToRest() {
        openAll({"a.pth"});
        // Room for a few frames, and looking at one in the middle of those that run together.
        session_->setCacheLimit(session_->resultBytes() * 6 / frame_count);
        session_->setFrame(FrameIndex{7}, ViewChange::Step);
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QVERIFY(session_->videoWork().isComputed(FrameIndex{7}));
        const int analyses = control_->analyses;
        QTest::qWait(300);
        QVERIFY(session_->isIdle());
        QCOMPARE(control_->analyses, analyses);
        const QString rule = rangeRule(scene());
        QVERIFY2(rule.contains("computed so far"), qPrintable(rule));
    }

    void sparseFramesAllFit() {
        openAll({"a.pth"});
        window_->actions()["video.every_5"]->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        session_->setCacheLimit(session_->resultBytes() * 10 / frame_count);
        session_->runAgain();
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        for (const FrameIndex frame : session_->videoWork().frames()) {
            QVERIFY(session_->videoWork().isComputed(frame));
        }
    }

    void clipsAreChosenAnewWhereTheChoiceChangedElsewhere() {
        openAll({"clip.pth"});
        session_->open(files_->make({"x.png"}));
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        ViewState view = session_->view();
        view.video.windows = true;
        session_->setView(view);
        const int analyses = control_->analyses;
        session_->setCurrentInput(session_->inputs().items()[0].id);
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QCOMPARE(control_->analyses, analyses + 5);
    }

    void framesAreComputedWhileAVideoIsWritten() {
        openAll({"clip.pth"});
        control_->writing.close();
        window_->exportVideo(files_->path("maps.mp4"), session_->videoLook(scene()));
        QTRY_COMPARE_WITH_TIMEOUT(control_->writes, 1, patience_ms);
        // The fake's writing asks a model for a pass once it may go on.
        ViewState view = session_->view();
        view.video.frames_apart = true;
        session_->setView(view);
        QVERIFY(!session_->videoWork().isComputed(FrameIndex{0}));
        // Until some frames are ready for their model.
        QTest::qWait(1000);
        control_->writing.open();
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QVERIFY(session_->videoWork().isComputed(FrameIndex{19}));
        QVERIFY(control_->frames_before_writing_ended >= 1);
    }

    void whatIsNoVideoIsSaid() {
        QVERIFY(QFile::copy(":/icons/vitreous.svg", files_->path("icon.mp4")));
        openAll({"a.pth"});
        session_->open({files_->path("icon.mp4")});
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QCOMPARE(session_->failures().size(), std::size_t(1));
        QVERIFY(session_->failures()[0].message.contains("icon.mp4"));
        // What was open is shown still.
        QVERIFY(scene().cells[0][0].present);
    }
};

QTEST_MAIN(VideoTest)
#include "video_test.moc"
