// Sessions in the real window: the title, saving, what is asked before changes are lost.

#include <QDropEvent>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>

#include "tests/app/full_view.h"
#include "tests/app/saving_fixture.h"
#include "tests/support/hindrance.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

QMessageBox* question() {
    auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
    return box != nullptr && box->isActiveWindow() ? box : nullptr;
}

} // namespace

class SavingTest final : public QObject, private SavingFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs); }
    void init() { begin(); }
    void cleanup() { end(); }

    void theTitleNamesTheSessionAndMarksChanges() {
        openPair();
        QCOMPARE(window_->windowTitle(), QString("x.png – Vitreous"));
        setOpacity(0.5);
        QVERIFY(!window_->isWindowModified());
        save("pair.vitreous");
        QCOMPARE(window_->windowTitle(), QString("pair.vitreous[*] – x.png – Vitreous"));
        QVERIFY(!window_->isWindowModified());
        setOpacity(0.3);
        QTRY_VERIFY_WITH_TIMEOUT(window_->isWindowModified(), Bench::patience_ms);
        window_->actions()["edit.undo"]->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(!window_->isWindowModified(), Bench::patience_ms);
        bench_->open({"y.png"});
        QTRY_VERIFY_WITH_TIMEOUT(window_->isWindowModified(), Bench::patience_ms);
        QVERIFY(bench_->becomesIdle());
        window_->actions()["file.save"]->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(!window_->isWindowModified(), Bench::patience_ms);
    }
    void saveAsAsksForTheName() {
        QVERIFY(!window_->actions()["file.save"]->isEnabled());
        openPair();
        const QSignalSpy saved(&bench_->session, &Session::saved);
        const Answer<QFileDialog> answer(fileDialog, [this](QFileDialog& dialog) {
            dialog.setDirectory(path(""));
            dialog.selectFile("pair.v2");
            QMetaObject::invokeMethod(&dialog, "accept");
        });
        QTest::keyClick(window_.get(), Qt::Key_S, Qt::ControlModifier);
        QVERIFY(answer.isGiven());
        QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, Bench::patience_ms);
        QCOMPARE(saved.first()[0].toString(), path("pair.v2.vitreous"));
        QCOMPARE(window_->saving().path(), path("pair.v2.vitreous"));
        QVERIFY(notice().startsWith("Saved: "));
    }
    void aDroppedSessionTakesThePlaceOfWhatIsOpen() {
        openPair();
        bench_->session.setView(fullView());
        save("pair.vitreous");
        const SessionState saved = bench_->session.state();
        bench_->open({"c.pth", "y.png"});
        QVERIFY(bench_->becomesIdle());
        const Answer<QMessageBox> answer(
            question, [](QMessageBox& box) { box.button(QMessageBox::Discard)->click(); });
        drop(path("pair.vitreous"));
        QVERIFY(answer.isGiven());
        QVERIFY(bench_->becomesIdle());
        QVERIFY(bench_->session.state() == saved);
        QVERIFY(window_->grid().offer().isHidden());
        QVERIFY(!window_->actions()["edit.undo"]->isEnabled());
        QVERIFY(window_->windowTitle().startsWith("pair.vitreous[*]"));
        // Other files that come with it are added to it.
        bench_->session.open({path("y.png"), path("pair.vitreous")});
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->session.inputs().rowCount(), 2);
        QCOMPARE(bench_->shown(), QString("y.png"));
    }
    void theMenusFollowTheSessionsDevice() {
        openPair();
        bench_->session.setDevice({.device = "cpu", .precision = Precision::Float16});
        QVERIFY(bench_->becomesIdle());
        save("pair.vitreous");
        bench_->session.setDevice({});
        QVERIFY(menuAction("auto")->isChecked());
        bench_->session.restore(sessionState(readSession(path("pair.vitreous").toStdString())), {});
        QVERIFY(menuAction("cpu")->isChecked() && !menuAction("auto")->isChecked());
        QVERIFY(menuAction("fp16")->isChecked());
        QVERIFY(bench_->becomesIdle());
    }

    void closingASavedSessionWithChangesAsks() {
        openPair();
        save("pair.vitreous");
        setOpacity(0.5);
        {
            const Answer<QMessageBox> cancel(question, [](QMessageBox& box) {
                QVERIFY(box.text().contains("pair.vitreous"));
                QTest::keyClick(&box, Qt::Key_Escape);
            });
            QVERIFY(!window_->close());
            QVERIFY(cancel.isGiven());
            QVERIFY(window_->isVisible());
        }
        {
            // Return saves, and the window closes once that is done.
            const Answer<QMessageBox> yes(
                question, [](QMessageBox& box) { QTest::keyClick(&box, Qt::Key_Return); });
            QVERIFY(!window_->close());
            QTRY_VERIFY_WITH_TIMEOUT(!window_->isVisible(), Bench::patience_ms);
        }
        const auto file = sessionState(readSession(path("pair.vitreous").toStdString()));
        QCOMPARE(file.view.opacity, 0.5);
    }
    void changesMayBeDiscarded() {
        openPair();
        save("pair.vitreous");
        setOpacity(0.5);
        const Answer<QMessageBox> no(
            question, [](QMessageBox& box) { box.button(QMessageBox::Discard)->click(); });
        QVERIFY(window_->close());
        QVERIFY(no.isGiven());
        const auto file = sessionState(readSession(path("pair.vitreous").toStdString()));
        QCOMPARE(file.view.opacity, 0.75);
    }
    void closingWaitsForASessionThatIsBeingSaved() {
        openPair();
        window_->saving().saveTo(path("pair.vitreous"));
        window_->close();
        QTRY_VERIFY_WITH_TIMEOUT(!window_->isVisible(), Bench::patience_ms);
        QVERIFY(QFileInfo::exists(path("pair.vitreous")));
    }
    void anAnswerBelongsToItsOwnSaving() {
        openPair();
        save("pair.vitreous");
        setOpacity(0.5);
        // Two on their way: the first is written though the second failed before.
        window_->saving().saveTo(path("one.vitreous"));
        setOpacity(0.25);
        window_->saving().saveTo(path("two.vitreous"));
        Q_EMIT bench_->session.saveFailed(3);
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(window_->saving().path(), path("one.vitreous"));
        QVERIFY(window_->saving().isModified());
        setOpacity(0.5);
        QVERIFY(!window_->saving().isModified());
    }
    void nothingIsAskedOtherwise() {
        openPair();
        setOpacity(0.5);
        QVERIFY(window_->close());
        // Nor without settings, as in a batch.
        openWindow(nullptr);
        save("pair.vitreous");
        setOpacity(0.4);
        QVERIFY(window_->saving().isModified());
        QVERIFY(window_->close());
    }

    void whatWasNotSavedCanBeBroughtBack() {
        openOverUnsaved();
        QCOMPARE(bench_->shown(), QString("x.png"));
        NoticeBar& offer = window_->grid().offer();
        QVERIFY(offer.text().startsWith("pair.vitreous is open in the place of a session"));
        QTest::mouseClick(offer.findChild<QPushButton*>(), Qt::LeftButton);
        QVERIFY(bench_->becomesIdle());
        QVERIFY(bench_->session.state() == unsaved_);
        QVERIFY(offer.isHidden());
        QVERIFY(window_->saving().path().isEmpty());
    }

    void bringingBackOutlastsTheQuestionOfChanges_data() {
        QTest::addColumn<QMessageBox::StandardButton>("button");
        QTest::newRow("save") << QMessageBox::Save;
        QTest::newRow("discard") << QMessageBox::Discard;
        QTest::newRow("cancel") << QMessageBox::Cancel;
    }
    void bringingBackOutlastsTheQuestionOfChanges() {
        QFETCH(QMessageBox::StandardButton, button);
        openOverUnsaved();
        setOpacity(0.5);
        const SessionState changed = bench_->session.state();
        bringBack(button);
        if (button == QMessageBox::Cancel) {
            QVERIFY(bench_->session.state() == changed);
            QVERIFY(window_->grid().offer().isVisible());
            bringBack(QMessageBox::Discard);
        }
        QTRY_VERIFY_WITH_TIMEOUT(bench_->session.state() == unsaved_, Bench::patience_ms);
        QVERIFY(window_->grid().offer().isHidden());
        QVERIFY(bench_->becomesIdle());
        const auto file = sessionState(readSession(path("pair.vitreous").toStdString()));
        QCOMPARE(file.view.opacity, button == QMessageBox::Save ? 0.5 : 0.75);
    }
    void bringingBackOutlastsAFailedSaving() {
        openOverUnsaved();
        setOpacity(0.5);
        {
            const FullDisk full;
            bringBack(QMessageBox::Save);
            QVERIFY(window_->grid().offer().isHidden());
            QTRY_VERIFY_WITH_TIMEOUT(window_->grid().offer().isVisible(), Bench::patience_ms);
        }
        QCOMPARE(bench_->session.view().opacity, 0.5);
        bringBack(QMessageBox::Discard);
        QVERIFY(bench_->session.state() == unsaved_);
    }

private:
    /// A session in the place of another that was saved nowhere.
    void openOverUnsaved() {
        openPair();
        save("pair.vitreous");
        window_.reset();
        bench_->session.restore({}, {});
        openWindow(settings());
        bench_->open({"c.pth", "y.png"});
        QVERIFY(bench_->becomesIdle());
        unsaved_ = bench_->session.state();
        bench_->session.open({path("pair.vitreous")});
        QVERIFY(bench_->becomesIdle());
    }
    /// Takes the offer and answers what is asked about the changes.
    void bringBack(QMessageBox::StandardButton button) {
        const Answer<QMessageBox> answer(
            question, [button](QMessageBox& box) { box.button(button)->click(); });
        QPushButton* back = nullptr;
        for (auto* shown : window_->grid().offer().findChildren<QPushButton*>()) {
            back = shown->isHidden() ? back : shown;
        }
        if (back == nullptr) {
            QFAIL("nothing is offered");
        }
        QTest::mouseClick(back, Qt::LeftButton);
        QVERIFY(answer.isGiven());
    }
    void setOpacity(double opacity) {
        ViewState view = bench_->session.view();
        view.opacity = opacity;
        bench_->session.setView(view);
    }
    void drop(const QString& file) {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(file)});
        QDragEnterEvent enter(
            window_->rect().center(), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(window_.get(), &enter);
        QDropEvent event(
            window_->rect().center(), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(window_.get(), &event);
    }
    [[nodiscard]] QAction* menuAction(const QString& text) {
        for (QAction* action : window_->findChildren<QAction*>()) {
            if (action->text() == text) {
                return action;
            }
        }
        qFatal("no such menu entry");
    }

    SessionState unsaved_;
};

int main(int argc, char** argv) {
    setDefaultSurfaceFormat();
    QApplication application(argc, argv);
    SavingTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "saving_test.moc"
