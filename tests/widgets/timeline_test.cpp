// The timeline: what it asks for, what it shows, what it says.

#include <QAccessible>
#include <QApplication>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

#include "widgets/timeline.h"
#include "widgets/timeline_text.h"

using namespace vitreous;

namespace {

using Positions = std::vector<std::size_t>;

std::vector<double> timesOf(std::size_t count) {
    std::vector<double> times;
    for (std::size_t i = 0; i < count; ++i) {
        times.push_back(double(i) / 25.0);
    }
    return times;
}

QImage plain(const QColor& color) {
    QImage image(142, 80, QImage::Format_RGB32);
    image.fill(color);
    return image;
}

} // namespace

class TimelineTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        timeline_ = std::make_unique<Timeline>();
        strip_ = timeline_->findChild<TimelineStrip*>();
        timeline_->resize(1200, 80);
        timeline_->show();
        timeline_->setVideo(timesOf(60), {});
        QCoreApplication::processEvents();
    }
    void cleanup() { timeline_.reset(); }

    void framesLieSideBySide() {
        TimelineScale scale;
        scale.setCount(10);
        scale.setWidth(100.0);
        QCOMPARE(scale.at(-5.0), std::size_t(0));
        QCOMPARE(scale.at(9.9), std::size_t(0));
        QCOMPARE(scale.at(10.1), std::size_t(1));
        QCOMPARE(scale.at(1e6), std::size_t(9));
        QCOMPARE(scale.middleOf(3), 35.0);
        QCOMPARE(scale.thumbnails(25.0), (Positions{1, 3, 6, 8}));
        // No more of them than frames.
        QCOMPARE(scale.thumbnails(1.0).size(), std::size_t(10));
    }
    void aZoomKeepsWhatIsUnderThePointer() {
        TimelineScale scale;
        scale.setCount(1000);
        scale.setWidth(500.0);
        scale.zoom(4.0, 250.0);
        QCOMPARE(scale.shown(), 250.0);
        QCOMPARE(scale.at(250.0), std::size_t(500));
        QVERIFY(!scale.reveal(600));
        QVERIFY(scale.reveal(700));
        QVERIFY(scale.middleOf(700) > 0.0 && scale.middleOf(700) < 500.0);
        scale.zoom(1e-6, 0.0);
        QCOMPARE(scale.shown(), 1000.0);
        QCOMPARE(scale.first(), 0.0);
    }
    void textsOfTimes() {
        QCOMPARE(roundStep(0.13), 0.2);
        QCOMPARE(roundStep(3.0), 5.0);
        QCOMPARE(roundStep(60.0), 100.0);
        QCOMPARE(clockText(0.5, 0.5, 2.0), QString("0.5 s"));
        QCOMPARE(clockText(12.0, 2.0, 40.0), QString("12 s"));
        QCOMPARE(clockText(50.0, 50.0, 600.0), QString("0:50"));
        QCOMPARE(clockText(3750.0, 50.0, 6000.0), QString("1:02:30"));
    }
    void dragsAskForFrames() {
        QSignalSpy asked(timeline_.get(), &Timeline::currentRequested);
        const auto pointAt = [this](std::size_t position) {
            return QPoint(int(strip_->scale().middleOf(position)), 10);
        };
        QTest::mousePress(strip_, Qt::LeftButton, {}, pointAt(30));
        QTest::mouseMove(strip_, pointAt(45));
        QMouseEvent move(
            QEvent::MouseMove, QPointF(pointAt(45)), strip_->mapToGlobal(QPointF(pointAt(45))),
            Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(strip_, &move);
        QTest::mouseRelease(strip_, Qt::LeftButton, {}, pointAt(45));
        QVERIFY(asked.count() >= 2);
        QCOMPARE(asked.first().first().value<std::size_t>(), std::size_t(30));
        QCOMPARE(asked.last().first().value<std::size_t>(), std::size_t(45));
        // It shows what it is told.
        QCOMPARE(strip_->current(), std::size_t(0));
    }
    void keysAskToo() {
        QSignalSpy asked(timeline_.get(), &Timeline::currentRequested);
        QSignalSpy stepped(timeline_.get(), &Timeline::stepRequested);
        QSignalSpy played(timeline_.get(), &Timeline::playRequested);
        QTest::keyClick(strip_, Qt::Key_Right);
        QTest::keyClick(strip_, Qt::Key_Left, Qt::ShiftModifier);
        QTest::keyClick(strip_, Qt::Key_End);
        QTest::keyClick(strip_, Qt::Key_Home);
        QTest::keyClick(strip_, Qt::Key_Space);
        timeline_->setPlaying(true);
        QTest::keyClick(strip_, Qt::Key_Space);
        QCOMPARE(stepped.count(), 2);
        QCOMPARE(stepped[0].first().toInt(), 1);
        QCOMPARE(stepped[1].first().toInt(), -10);
        QCOMPARE(asked[0].first().value<std::size_t>(), std::size_t(59));
        QCOMPARE(asked[1].first().value<std::size_t>(), std::size_t(0));
        QCOMPARE(played[0].first().toBool(), true);
        QCOMPARE(played[1].first().toBool(), false);
    }
    void buttonsHoldNoState() {
        QSignalSpy looped(timeline_.get(), &Timeline::loopRequested);
        QSignalSpy sped(timeline_.get(), &Timeline::speedRequested);
        QToolButton* loop = button("Loop");
        QTest::mouseClick(loop, Qt::LeftButton);
        QCOMPARE(looped.first().first().toBool(), true);
        QVERIFY(!loop->isChecked());
        timeline_->setLoop(true);
        QVERIFY(loop->isChecked());
        auto* speed = timeline_->findChild<QComboBox*>();
        QCOMPARE(speed->count(), 5);
        QCOMPARE(speed->currentText(), QString::fromUtf8("1×"));
        QTest::keyClick(speed, Qt::Key_Down);
        QCOMPARE(sped.first().first().toDouble(), 2.0);
        timeline_->setSpeed(0.25);
        QCOMPARE(speed->currentIndex(), 0);
        QCOMPARE(sped.count(), 1);
    }
    void theFirstAndLastFrameHaveNoNext() {
        QVERIFY(!button("Step back")->isEnabled() && button("Step forward")->isEnabled());
        timeline_->setCurrent(59);
        QVERIFY(button("Step back")->isEnabled() && !button("Step forward")->isEnabled());
    }
    void itSaysWhereItIs() {
        timeline_->setCurrent(11);
        QStringList texts;
        for (const QLabel* label : timeline_->findChildren<QLabel*>()) {
            texts << label->text();
        }
        QVERIFY2(
            texts.contains(QString::fromUtf8("frame 12 of 60 · 0.44 s of 2.40 s")),
            qPrintable(texts.join('|')));
        QCOMPARE(strip_->accessibleDescription(), QString("Frame 12 of 60, 0.44 s"));
    }
    void itSaysWhichOfTheVideosFramesItIs() {
        std::vector<std::size_t> numbers(60);
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            numbers[i] = 5 * i + 2;
        }
        timeline_->setFrameNumbers(numbers, 300);
        timeline_->setCurrent(11);
        QStringList texts;
        for (const QLabel* label : timeline_->findChildren<QLabel*>()) {
            texts << label->text();
        }
        QVERIFY2(
            texts.contains(QString::fromUtf8("frame 58 of 300 · 0.44 s of 2.40 s")),
            qPrintable(texts.join('|')));
    }
    void betterTimesLeaveTheRest() {
        timeline_->setCurrent(30);
        QWheelEvent zoom(
            QPointF(600, 10), strip_->mapToGlobal(QPointF(600, 10)), {}, {0, 480}, Qt::NoButton,
            Qt::ControlModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(strip_, &zoom);
        const double shown = strip_->scale().shown();
        const double first = strip_->scale().first();
        QVERIFY(shown < 60.0 && first > 0.0);
        std::vector<double> times = timesOf(60);
        for (double& time : times) {
            time *= 2.0;
        }
        QSignalSpy wanted(timeline_.get(), &Timeline::thumbnailsWanted);
        timeline_->setTimes(times);
        QCOMPARE(strip_->times(), times);
        QCOMPARE(strip_->scale().shown(), shown);
        QCOMPARE(strip_->scale().first(), first);
        QCOMPARE(strip_->current(), std::size_t(30));
        QCOMPARE(strip_->accessibleDescription(), QString("Frame 31 of 60, 2.40 s"));
        QCOMPARE(wanted.count(), 0);
    }
    void aLossIsTold() {
        const QString loss = "frames 120 to 240 of 240 could not be read: the file ends early";
        timeline_->setLoss(loss);
        const auto labels = timeline_->findChildren<QLabel*>();
        const auto told = std::find_if(labels.begin(), labels.end(), [&](const QLabel* label) {
            return label->toolTip() == loss;
        });
        QVERIFY(told != labels.end() && (*told)->isVisible());
        QCOMPARE((*told)->accessibleDescription(), loss);
        timeline_->setLoss({});
        QVERIFY(!(*told)->isVisible());
    }
    void screenReadersSeeASlider() {
        QAccessibleInterface* access = QAccessible::queryAccessibleInterface(strip_);
        if (access == nullptr || access->valueInterface() == nullptr) {
            QFAIL("no slider");
        }
        QCOMPARE(access->role(), QAccessible::Slider);
        timeline_->setCurrent(11);
        QAccessibleValueInterface* value = access->valueInterface();
        QCOMPARE(value->currentValue().toInt(), 12);
        QCOMPARE(value->maximumValue().toInt(), 60);
        QSignalSpy asked(timeline_.get(), &Timeline::currentRequested);
        value->setCurrentValue(20);
        QCOMPARE(asked.first().first().value<std::size_t>(), std::size_t(19));
        value->setCurrentValue(61);
        QCOMPARE(asked.count(), 1);
        for (const QWidget* part : timeline_->findChildren<QWidget*>()) {
            if (part->focusPolicy() & Qt::TabFocus) {
                QVERIFY2(!part->accessibleName().isEmpty(), part->metaObject()->className());
            }
        }
    }
    void missingThumbnailsAreAskedFor() {
        QSignalSpy wanted(timeline_.get(), &Timeline::thumbnailsWanted);
        timeline_->setVideo(timesOf(60), {});
        QCOMPARE(wanted.count(), 1);
        const auto first = wanted.takeFirst().first().value<Positions>();
        QVERIFY(first.size() > 3 && first.size() < 60);
        QVERIFY(std::is_sorted(first.begin(), first.end()));
        for (const std::size_t position : first) {
            timeline_->setThumbnail(position, plain(Qt::red));
        }
        timeline_->resize(1500, 80);
        QVERIFY(wanted.wait(2000));
        for (const std::size_t position : wanted.last().first().value<Positions>()) {
            QVERIFY(std::find(first.begin(), first.end(), position) == first.end());
        }
    }
    void aZoomAsksForMore() {
        QSignalSpy wanted(timeline_.get(), &Timeline::thumbnailsWanted);
        QWheelEvent zoom(
            QPointF(200, 10), strip_->mapToGlobal(QPointF(200, 10)), {}, {0, 480}, Qt::NoButton,
            Qt::ControlModifier, Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(strip_, &zoom);
        QVERIFY(strip_->scale().shown() < 60.0);
        QVERIFY(wanted.wait(2000));
    }
    void thumbnailsStandInTheirPlaces() {
        const Positions places = strip_->scale().thumbnails(40.0 * 16.0 / 9.0);
        timeline_->setThumbnail(places.front(), plain(Qt::red));
        timeline_->setThumbnail(places.back(), plain(Qt::blue));
        const QImage image = strip_->grab().toImage();
        QCOMPARE(image.pixelColor(30, 20), QColor(Qt::red));
        QCOMPARE(image.pixelColor(image.width() - 10, 20), QColor(Qt::blue));
    }
    void outdatedThumbnailsAreAskedForAgain() {
        const Positions places = strip_->scale().thumbnails(40.0 * 16.0 / 9.0);
        for (const std::size_t place : places) {
            timeline_->setThumbnail(place, plain(Qt::red));
        }
        QSignalSpy wanted(timeline_.get(), &Timeline::thumbnailsWanted);
        timeline_->forgetThumbnails();
        QCOMPARE(wanted.count(), 1);
        QCOMPARE(wanted.first().first().value<Positions>(), places);
        QVERIFY(strip_->grab().toImage().pixelColor(30, 20) != QColor(Qt::red));
    }
    void theBarShowsWhatIsComputed() {
        std::vector<bool> computed(60);
        std::fill_n(computed.begin(), 30, true);
        timeline_->setComputed(computed);
        const QImage image = strip_->grab().toImage();
        const QColor accent = strip_->palette().color(QPalette::Highlight);
        const QColor track = strip_->palette().color(QPalette::Mid);
        QCOMPARE(image.pixel(image.width() / 4, 44), accent.rgb());
        QCOMPARE(image.pixel(image.width() * 3 / 4, 44), track.rgb());
    }
    void thePlayheadShowsOnAnyPicture() {
        timeline_->setCurrent(30);
        const QImage image = strip_->grab().toImage();
        const int x = qRound(strip_->scale().middleOf(30));
        QCOMPARE(image.pixelColor(x, 20), QColor(Qt::white));
        QCOMPARE(image.pixelColor(x - 2, 20), QColor(Qt::black));
        QCOMPARE(image.pixelColor(x + 1, 20), QColor(Qt::black));
    }
    void aLongVideoFits() {
        timeline_->setVideo(timesOf(15000), {});
        timeline_->setComputed(std::vector<bool>(15000, true));
        timeline_->setCurrent(14999);
        const QImage image = strip_->grab().toImage();
        QCOMPARE(image.pixel(100, 44), strip_->palette().color(QPalette::Highlight).rgb());
        QCOMPARE(image.pixelColor(image.width() - 2, 20), QColor(Qt::white));
    }
    void withoutAVideoThereIsNothingToDo() {
        timeline_->setVideo({}, {});
        QVERIFY(!button("Play")->isEnabled());
        QSignalSpy asked(timeline_.get(), &Timeline::currentRequested);
        QTest::keyClick(strip_, Qt::Key_End);
        QTest::mouseClick(strip_, Qt::LeftButton, {}, {20, 10});
        QCOMPARE(asked.count(), 0);
        timeline_->grab();
    }

private:
    QToolButton* button(const QString& name) const {
        for (auto* one : timeline_->findChildren<QToolButton*>()) {
            if (one->accessibleName() == name) {
                return one;
            }
        }
        return nullptr;
    }

    std::unique_ptr<Timeline> timeline_;
    TimelineStrip* strip_ = nullptr;
};

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    QApplication::setStyle("fusion");
    TimelineTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "timeline_test.moc"
