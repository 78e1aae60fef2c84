// Videos of the real window in sessions and in files.

#include <algorithm>
#include <cmath>

#include <QLabel>
#include <QSignalSpy>
#include <QToolBar>
#include <QToolButton>

#include "tests/app/video_fixture.h"

using namespace vitreous;
using vitreous::testing::patience_ms;
using vitreous::testing::writeVideo;

class VideoFilesTest : public QObject, private vitreous::testing::VideoFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { makeWindowAndFilm(); }
    void cleanup() { closeWindowAndFilm(); }

    void exportsWhatIsShownOfAllModels() {
        openAll({"a.pth"});
        ViewState view = session_->view();
        view.kind = GridKind::Scrub;
        view.map = MapKind::Frequency;
        view.tap = "blocks.0";
        view.colormap = Colormap::Magma;
        view.sampling = Sampling::Bilinear;
        view.threshold = 0.25;
        view.video.every = 2;
        session_->setView(view);
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        const QSignalSpy written(session_.get(), &Session::written);
        const QString path = files_->path("maps.mp4");
        window_->exportVideo(path, session_->videoLook(scene()));
        QVERIFY(!session_->isIdle());
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QCOMPARE(written.count(), 1);
        QCOMPARE(written[0][0].toStringList(), QStringList(path));
        const VideoOrder& order = control_->orders.at(0);
        QCOMPARE(order.look.tap, std::string("blocks.0"));
        QVERIFY(order.look.map == MapKind::Frequency && order.look.colormap == Colormap::Magma);
        QVERIFY(order.look.range == VideoRange::Joint && order.has_tap && order.has_map);
        QVERIFY(!order.look.is_shared && order.look.sampling == Sampling::Bilinear);
        QCOMPARE(order.look.threshold, 0.25);
        QCOMPARE(order.sampling.every, 2);
        QCOMPARE(order.models.size(), std::size_t(1));
        QCOMPARE(order.look.chips.size(), std::size_t(1));
        QVERIFY(std::abs(session_->shownRate() - 5.0) < 0.1);
        // Data are all maps.
        window_->exportData(files_->path("."));
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QCOMPARE(control_->orders.at(1).outputs.front().extension(), ".npz");
        QVERIFY(!control_->orders.at(1).has_tap && !control_->orders.at(1).has_map);
    }

    void exportsHaveTheViewsRange() {
        openAll({"a.pth", "b.pth"});
        const auto lookWith = [this](GridKind kind, RangeMode range, bool joint) {
            ViewState view = session_->view();
            view.kind = kind;
            view.range = range;
            view.video.joint = joint;
            view.percentiles = {5.0, 95.0};
            session_->setView(view);
            return session_->videoLook(scene());
        };
        QVERIFY(lookWith(GridKind::Layers, RangeMode::PerMap, true).range == VideoRange::Joint);
        QVERIFY(lookWith(GridKind::Layers, RangeMode::PerMap, false).range == VideoRange::Frame);
        QVERIFY(!lookWith(GridKind::Layers, RangeMode::PerRow, true).is_shared);
        QVERIFY(lookWith(GridKind::Layers, RangeMode::PerColumn, true).is_shared);
        QVERIFY(lookWith(GridKind::Scrub, RangeMode::PerRow, true).is_shared);
        QVERIFY(!lookWith(GridKind::Scrub, RangeMode::PerColumn, true).is_shared);
        QVERIFY(lookWith(GridKind::Filmstrip, RangeMode::PerView, true).is_shared);
        const VideoLook between = lookWith(GridKind::Layers, RangeMode::Percentile, true);
        QVERIFY(between.range == VideoRange::Percentiles && !between.is_shared);
        QCOMPARE(between.percentiles.low, 5.0);
    }

    void aCancelledExportIsSaid() {
        openAll({"a.pth"});
        control_->writing.close();
        const QSignalSpy noticed(session_.get(), &Session::noticed);
        window_->exportVideo(files_->path("maps.mp4"), session_->videoLook(scene()));
        QTRY_COMPARE_WITH_TIMEOUT(control_->writes, 1, patience_ms);
        window_->actions()["run.cancel"]->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        control_->writing.open();
        QVERIFY(noticed.count() > 0);
        QVERIFY(noticed.back()[0].toString().startsWith("Not written"));
        QVERIFY(noticed.back()[1].toBool());
    }

    void theFilmstripsControlsFit() {
        openAll({"a.pth"});
        window_->resize(1440, 900);
        window_->actions()["kind.filmstrip"]->trigger();
        window_->grid().refresh();
        auto* bar = window_->findChild<QToolBar*>("viewBar");
        auto* more = bar->findChild<QToolButton*>("qt_toolbar_ext_button");
        QTRY_VERIFY_WITH_TIMEOUT(!more->isVisible(), patience_ms);
        const auto labels = [bar] {
            const QList<QLabel*> all = bar->findChildren<QLabel*>();
            return std::count_if(all.begin(), all.end(), [](const QLabel* label) {
                return label->isVisible() && label->buddy() != nullptr;
            });
        };
        QTRY_COMPARE_WITH_TIMEOUT(labels(), 0, patience_ms);
        window_->resize(1600, 900);
        QTRY_COMPARE_WITH_TIMEOUT(labels(), 4, patience_ms);
        QVERIFY(!more->isVisible());
    }

    void aSessionKeepsTheFrame() {
        openAll({"a.pth"});
        session_->setFrame(FrameIndex{7}, ViewChange::Step);
        const SessionState state = session_->state();
        session_->restore(state, {});
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QCOMPARE(session_->frame(), FrameIndex{7});
        QVERIFY(timeline()->isVisible());
        QVERIFY(scene().cells[0][0].present);
    }

    void eachVideoKeepsItsPlace() {
        writeVideo(files_->path("short.mp4"), 5);
        openAll({"a.pth"});
        session_->setFrame(FrameIndex{12}, ViewChange::Step);
        session_->open({files_->path("short.mp4")});
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QCOMPARE(session_->frame(), FrameIndex{0});
        QCOMPARE(session_->videoWork().frames().size(), std::size_t(5));
        // The first one's maps are kept.
        const int analyses = control_->analyses;
        session_->setCurrentInput(session_->inputs().items()[0].id);
        QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms);
        QCOMPARE(control_->analyses, analyses);
        QVERIFY(scene().cells[0][0].present);
        QCOMPARE(session_->frame(), FrameIndex{12});
        session_->undo();
        session_->setFrame(FrameIndex{3}, ViewChange::Step);
        session_->setCurrentInput(session_->inputs().items()[0].id);
        session_->restore(session_->state(), {});
        session_->setCurrentInput(session_->inputs().items()[1].id);
        QCOMPARE(session_->frame(), FrameIndex{3});
        session_->undo();
        QCOMPARE(session_->frame(), FrameIndex{12});
    }
};

QTEST_MAIN(VideoFilesTest)
#include "video_files_test.moc"
