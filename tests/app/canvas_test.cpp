// The grid's controls and timings in the window.
#include <QTest>

#include "tests/app/window_fixture.h"
#include "widgets/grid_view.h"

using namespace vitreous;
using namespace vitreous::testing;

class CanvasTest final : public QObject, private WindowFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { makeWindow(); }
    void cleanup() { closeWindow(); }

    void keysShowAndHide() {
        openPair();
        QCOMPARE(window_->grid().canvas().isAccelerated(), prefersOpenGl());
        const QAction& controls = *window_->actions()["view.controls"];
        const QAction& hud = *window_->actions()["view.hud"];
        QCOMPARE(controls.isEnabled(), canUseOpenGl());
        QVERIFY(controls.isChecked());
        QVERIFY(!hud.isChecked());
        QTest::keyClick(window_.get(), Qt::Key_H);
        QVERIFY(hud.isChecked());
        // A frame that is shown is measured.
        QTRY_VERIFY_WITH_TIMEOUT(stages().contains("paint"), 5'000);
        QVERIFY(stages().contains("decode") && stages().contains("preprocess"));
        QTest::keyClick(window_.get(), Qt::Key_H);
        QTRY_VERIFY_WITH_TIMEOUT(!stages().contains("paint"), 5'000);
        if (canUseOpenGl()) {
            QTest::keyClick(window_.get(), Qt::Key_C);
            QVERIFY(!controls.isChecked());
            QVERIFY(!canvas().accessibleDescription().contains("A strip"));
        }
    }

    void controlsAreRemembered() {
        const QString file = files_->path("settings.ini");
        const auto settings = [&file] {
            return std::make_unique<QSettings>(file, QSettings::IniFormat);
        };
        for (const bool is_shown : {false, true}) {
            MainWindow(*session_, settings()).actions()["view.controls"]->setChecked(is_shown);
            const MainWindow second(*session_, settings());
            QCOMPARE(second.actions()["view.controls"]->isChecked(), is_shown);
        }
    }

    void aDragIsOneStepToUndo() {
        if (!canUseOpenGl()) {
            QSKIP("no OpenGL 3.3 here");
        }
        openPair();
        QWidget* surface = canvas().childAt(4, 4);
        QTRY_VERIFY_WITH_TIMEOUT(surface->isVisible(), 5'000);
        QCoreApplication::processEvents();
        // Where the opacity is set is found by clicking along the strip from its end.
        const int y = surface->height() - 20;
        int x = surface->width() - 4;
        while (session_->view().opacity == 0.75 && x > 0) {
            x -= 4;
            QTest::mouseClick(surface, Qt::LeftButton, Qt::NoModifier, {x, y});
        }
        QVERIFY(x > 0);
        const double clicked = session_->view().opacity;
        const int steps = session_->history().index();
        QTest::mousePress(surface, Qt::LeftButton, Qt::NoModifier, {x, y});
        for (int distance = 10; distance <= 40; distance += 10) {
            const QPoint point(x - distance, y);
            QMouseEvent move(
                QEvent::MouseMove, point, surface->mapToGlobal(point), Qt::NoButton, Qt::LeftButton,
                Qt::NoModifier);
            QCoreApplication::sendEvent(surface, &move);
        }
        QTest::mouseRelease(surface, Qt::LeftButton, Qt::NoModifier, {x - 40, y});
        QVERIFY(session_->view().opacity < clicked - 0.2);
        QCOMPARE(session_->history().index(), steps + 1);
        session_->history().undo();
        QCOMPARE(session_->view().opacity, clicked);
    }

private:
    QWidget& canvas() { return *window_->grid().canvas().widget(); }
    QStringList stages() {
        QStringList found;
        for (const TimingLine& line : window_->grid().canvas().timings().lines) {
            found << line.stage;
        }
        return found;
    }
};

int main(int argc, char** argv) {
    setDefaultSurfaceFormat();
    QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    QApplication application(argc, argv);
    CanvasTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "canvas_test.moc"
