#include <QApplication>
#include <QPaintEvent>
#include <QTest>

#include "sample_scene.h"
#include "widgets/grid_view.h"

using namespace vitreous;

namespace {

struct Told {
    ViewState view;
    bool is_continued = false;
};

/// Gathers where a widget is painted.
class PaintWatch final : public QObject {
public:
    explicit PaintWatch(QWidget& widget) { widget.installEventFilter(this); }
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::Paint) {
            painted += static_cast<QPaintEvent*>(event)->region();
        }
        return QObject::eventFilter(watched, event);
    }
    QRegion painted;
};

/// A canvas of either make with its controls, and a listener that does as the window does.
class ControlsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() {
        QTest::addColumn<bool>("use_opengl");
        QTest::newRow("opengl") << true;
        QTest::newRow("painter") << false;
    }
    void initTestCase() {
        if (!canUseOpenGl()) {
            QVERIFY2(
                qEnvironmentVariableIntValue("VITREOUS_REQUIRE_GL") == 0,
                "VITREOUS_REQUIRE_GL is set and there is no OpenGL 3.3");
            QSKIP("no OpenGL 3.3 here");
        }
    }

    void init() {
        told_.clear();
        view_ = {};
        QFETCH_GLOBAL(bool, use_opengl);
        canvas_ = std::make_unique<GridView>(nullptr, use_opengl);
        QCOMPARE(canvas_->isAccelerated(), use_opengl);
        QVERIFY(canvas_->hasControls());
        canvas_->setPalette(samples::darkPalette());
        canvas_->resize(1000, 600);
        models_ = samples::twoModels(samples::gradientPicture(64), 3, 8);
        canvas_->onViewEdited([this](const ViewEdit& edit, bool continued) {
            edit(view_);
            told_.push_back({view_, continued});
            canvas_->setScene(buildGridScene(models_, view_));
        });
        canvas_->setScene(buildGridScene(models_, view_));
        canvas_->showControls(true);
        canvas_->show();
        QVERIFY(QTest::qWaitForWindowExposed(canvas_.get()));
        shot();
    }
    void cleanup() { canvas_.reset(); }

    void aDragIsOneChange() {
        const QPoint grip = sliderAt(0.75);
        QTest::mousePress(surface(), Qt::LeftButton, Qt::NoModifier, grip);
        told_.clear();
        for (const int step : {10, 20, 30}) {
            move(grip - QPoint(step, 0), Qt::LeftButton);
        }
        QTest::mouseRelease(surface(), Qt::LeftButton, Qt::NoModifier, grip - QPoint(30, 0));
        QCOMPARE(told_.size(), std::size_t(3));
        QVERIFY(told_[0].view.opacity < 0.75);
        QVERIFY(told_[1].view.opacity < told_[0].view.opacity);
        QVERIFY(told_[2].view.opacity < told_[1].view.opacity);
        QVERIFY(told_[1].is_continued && told_[2].is_continued);
        const double dragged = told_[2].view.opacity;
        // 104 logical pixels for 100 %, less the grip.
        QVERIFY2(
            std::abs(dragged - (0.75 - 30.0 / 88.0)) < 0.03, qPrintable(QString::number(dragged)));
        // Another press begins another change.
        told_.clear();
        QTest::mousePress(surface(), Qt::LeftButton, Qt::NoModifier, sliderAt(0.1));
        QTest::mouseRelease(surface(), Qt::LeftButton, Qt::NoModifier, sliderAt(0.1));
        QCOMPARE(told_.size(), std::size_t(1));
        QVERIFY(!told_[0].is_continued);
        QVERIFY(std::abs(told_[0].view.opacity - 0.1) < 0.05);
    }

    void aClickOnTheStripPinsNothing() {
        std::optional<GridHit> hovered = GridHit{};
        canvas_->onHover([&](std::optional<GridHit> hit) { hovered = hit; });
        move(canvas_->gridLayout().cells[0].map.center().toPoint(), Qt::NoButton);
        QVERIFY(hovered.has_value());
        const QPoint beside(4, canvas_->height() - 20);
        move(beside, Qt::NoButton);
        QVERIFY(!hovered.has_value());
        QTest::mouseClick(surface(), Qt::LeftButton, Qt::NoModifier, beside);
        QCOMPARE(told_.size(), std::size_t(0));
        QTest::mouseClick(
            surface(), Qt::LeftButton, Qt::NoModifier,
            canvas_->gridLayout().cells[0].map.center().toPoint());
        QCOMPARE(told_.size(), std::size_t(1));
        QVERIFY(told_[0].view.selection.pinned.has_value());
    }

    void aFilmstripHasTwoThresholds() {
        view_.kind = GridKind::Filmstrip;
        for (GridRow& model : models_) {
            model.film = {{0, 0.0, model.result}, {1, 0.5, model.result}};
        }
        canvas_->setScene(buildGridScene(models_, view_));
        shot();
        const double low = view_.video.low_level;
        const double high = view_.video.high_level;
        bool has_low = false;
        bool has_high = false;
        for (int x = 0; x < canvas_->width(); x += 6) {
            QTest::mouseClick(
                surface(), Qt::LeftButton, Qt::NoModifier, QPoint(x, sliderAt(0.5).y()));
            has_low = has_low || view_.video.low_level != low;
            has_high = has_high || view_.video.high_level != high;
            QCOMPARE(view_.threshold, 0.0);
            QVERIFY(view_.video.low_level <= view_.video.high_level);
        }
        QVERIFY(has_low && has_high);
    }

    void aClickOnTheRangeFixesIt() {
        const QPoint low = rangeField(false);
        QTest::mousePress(surface(), Qt::LeftButton, Qt::NoModifier, low);
        QCOMPARE(told_.size(), std::size_t(1));
        QCOMPARE(told_[0].view.range, RangeMode::Fixed);
        QVERIFY(!told_[0].is_continued);
        const ValueRange before = told_[0].view.fixed;
        QVERIFY(before.low < before.high);
        move(low + QPoint(40, 0), Qt::LeftButton);
        move(low + QPoint(60, 0), Qt::LeftButton);
        QTest::mouseRelease(surface(), Qt::LeftButton, Qt::NoModifier, low + QPoint(60, 0));
        QVERIFY(told_.size() >= 2);
        QVERIFY(told_.back().is_continued);
        QVERIFY(told_.back().view.fixed.low > before.low);
        QVERIFY(told_.back().view.fixed.low <= told_.back().view.fixed.high);
        QCOMPARE(told_.back().view.fixed.high, before.high);
    }

    void aFieldIsTypedInto() {
        const QPoint high = rangeField(true);
        // Nothing is typed into yet: keys are the program's.
        QVERIFY(!takesShortcut(Qt::Key_N, "n"));
        QTest::mouseClick(surface(), Qt::LeftButton, Qt::NoModifier, high);
        shot();
        QVERIFY(takesShortcut(Qt::Key_9, "9"));
        QTest::keyClick(canvas_.get(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(canvas_.get(), "99");
        QTest::keyClick(canvas_.get(), Qt::Key_Return);
        QCOMPARE(told_.back().view.fixed.high, 99.0);
        QVERIFY(!takesShortcut(Qt::Key_N, "n"));
    }

    void theLayerSliderScrubs() {
        view_.kind = GridKind::Scrub;
        canvas_->setScene(buildGridScene(models_, view_));
        shot();
        // The first slider from the left, from its last place to its first.
        const int y = canvas_->height() - 20;
        int x = 20;
        while (told_.empty() && x < 160) {
            QTest::mouseClick(surface(), Qt::LeftButton, Qt::NoModifier, {x, y});
            x += 4;
        }
        QCOMPARE(told_.size(), std::size_t(1));
        QCOMPARE(told_[0].view.tap, canvas_->scene().choices.front().name.toStdString());
        QCOMPARE(canvas_->scene().choice, std::optional<std::size_t>(0));
    }

    void hiddenTheStripGivesItsRoomBack() {
        const double limit = canvas_->gridLayout().size.height();
        QVERIFY(limit <= canvas_->height() - 40);
        QVERIFY(canvas_->accessibleDescription().contains("A strip"));
        view_.kind = GridKind::Scrub;
        canvas_->setScene(buildGridScene(models_, view_));
        canvas_->resize(1000, 400);
        const double side = canvas_->gridLayout().side;
        canvas_->showControls(false);
        QVERIFY(canvas_->gridLayout().side > side);
        QVERIFY(!canvas_->accessibleDescription().contains("A strip"));
        QTest::mouseClick(surface(), Qt::LeftButton, Qt::NoModifier, {900, 380});
        QVERIFY(told_.empty());
    }

    void timingsAreShownWhereTheyAreMeasured() {
        models_[0].times = StageTimes{3.5, 1.25};
        auto timed = std::make_shared<AnalysisResult>(*models_[0].result);
        timed->forward_ms = 40.0;
        timed->maps_ms = 4.5;
        models_[0].result = timed;
        models_[1].times = StageTimes{3.5, 1.5};
        canvas_->setScene(buildGridScene(models_, view_));
        const QImage without = shot();
        canvas_->showTimings(true);
        const QImage with = shot();
        const double ratio = double(with.width()) / canvas_->width();
        const QRect corner((QPointF(canvas_->width() - 200, 8) * ratio).toPoint(), QSize(180, 100));
        QVERIFY(with.copy(corner) != without.copy(corner));
        const TimingTable table = canvas_->timings();
        QCOMPARE(table.models.size(), std::size_t(2));
        QStringList stages;
        for (const TimingLine& line : table.lines) {
            stages << line.stage;
        }
        QStringList expected = {"decode", "preprocess", "forward", "maps", "paint"};
        if (canvas_->isAccelerated()) {
            expected.insert(4, "upload");
        }
        QCOMPARE(stages, expected);
        QCOMPARE(*table.lines[0].times_ms.at(0), 3.5);
        QCOMPARE(*table.lines[1].times_ms.at(1), 1.5);
        QCOMPARE(*table.lines[2].times_ms.at(0), 35.5);
        QCOMPARE(*table.lines[3].times_ms.at(0), 4.5);
        QVERIFY(*table.lines[4].times_ms.at(0) > 0.0);
        QVERIFY(*table.lines.back().times_ms.at(0) > 0.0);
        canvas_->showTimings(false);
        QCOMPARE(shot(), without);
        QVERIFY(canvas_->timings().lines.back().stage != "paint");
    }

    void theStripFollowsTheScene() {
        const QImage before = shot();
        view_.opacity = 0.25;
        canvas_->setScene(buildGridScene(models_, view_));
        const double ratio = double(before.width()) / canvas_->width();
        const int top = int((canvas_->height() - 40) * ratio);
        const QRect strip(0, top, before.width(), before.height() - top);
        const QImage after = shot();
        QVERIFY(after.copy(strip) != before.copy(strip));
        view_.opacity = 0.75;
        canvas_->setScene(buildGridScene(models_, view_));
        QCOMPARE(shot().copy(strip), before.copy(strip));
        canvas_->setPalette(samples::lightPalette());
        QCOMPARE(
            shot().pixel(2, top + int(20 * ratio)),
            samples::lightPalette().color(QPalette::Window).rgb());
    }

    void overTheStripTheGridIsNotPainted() {
        if (canvas_->isAccelerated()) {
            QSKIP("OpenGL paints all of its surface");
        }
        const PaintWatch watch(*surface());
        move({500, canvas_->height() - 20}, Qt::NoButton);
        QTRY_VERIFY_WITH_TIMEOUT(!watch.painted.isEmpty(), 5'000);
        QVERIFY(watch.painted.boundingRect().top() >= canvas_->height() - 50);
    }

    void survivesAnotherContext() {
        canvas_->showTimings(true);
        shot();
        QWidget window;
        window.resize(1000, 600);
        canvas_->setParent(&window);
        canvas_->move(0, 0);
        canvas_->show();
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        canvas_->showTimings(false);
        const QImage there = shot();
        QTest::mouseClick(surface(), Qt::LeftButton, Qt::NoModifier, sliderAt(0.1));
        QCOMPARE(told_.size(), std::size_t(1));
        QVERIFY(shot() != there);
        canvas_->setParent(nullptr);
    }

private:
    QImage shot() {
        QCoreApplication::processEvents();
        return canvas_->grab().toImage().convertToFormat(QImage::Format_RGB32);
    }
    QWidget* surface() { return canvas_->childAt(4, 4); }
    void move(const QPoint& point, Qt::MouseButtons buttons) {
        QMouseEvent event(
            QEvent::MouseMove, point, surface()->mapToGlobal(point), Qt::NoButton, buttons,
            Qt::NoModifier);
        QCoreApplication::sendEvent(surface(), &event);
    }
    bool takesShortcut(int key, const QString& text) {
        QKeyEvent event(QEvent::ShortcutOverride, key, Qt::NoModifier, text);
        event.ignore();
        QCoreApplication::sendEvent(canvas_.get(), &event);
        return event.isAccepted();
    }
    /// Left ends of what differs from the ground along the middle of the strip.
    std::vector<std::pair<int, int>> runs() {
        const QImage image = shot();
        const double ratio = double(image.width()) / canvas_->width();
        const int y = int((canvas_->height() - 20) * ratio);
        const QRgb ground = image.pixel(int(2 * ratio), y);
        std::vector<std::pair<int, int>> found;
        int last = -100;
        for (int x = 0; x < image.width(); ++x) {
            if (image.pixel(x, y) == ground) {
                continue;
            }
            const int logical = int(x / ratio);
            if (logical - last > 6) {
                found.emplace_back(logical, logical);
            }
            found.back().second = logical;
            last = logical;
        }
        return found;
    }
    /// A place of the opacity slider: the last long run.
    QPoint sliderAt(double part) {
        std::pair<int, int> slider;
        for (const auto& run : runs()) {
            if (run.second - run.first > 90) {
                slider = run;
            }
        }
        return {
            slider.first + 6 + int(part * (slider.second - slider.first - 12)),
            canvas_->height() - 20};
    }
    /// A field of the range: the first two long runs.
    QPoint rangeField(bool is_high) {
        std::vector<std::pair<int, int>> long_runs;
        for (const auto& run : runs()) {
            if (run.second - run.first > 60) {
                long_runs.push_back(run);
            }
        }
        const auto& field = long_runs.at(is_high ? 1 : 0);
        return {(field.first + field.second) / 2, canvas_->height() - 20};
    }

    std::unique_ptr<GridView> canvas_;
    std::vector<GridRow> models_;
    ViewState view_;
    std::vector<Told> told_;
};

} // namespace

int main(int argc, char** argv) {
    setDefaultSurfaceFormat();
    QApplication application(argc, argv);
    QApplication::setStyle("fusion");
    ControlsTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "controls_test.moc"
