// What a program that ended unexpectedly leaves, and what the next one makes of it.

#include <csignal>

#include <QDir>
#include <QMessageBox>
#include <QProcess>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include "app/desktop/main_window.h"
#include "app/desktop/view_json.h"
#include "tests/app/bench.h"
#include "tests/app/full_view.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

constexpr int patience_ms = 60'000;

std::filesystem::path nativePath(const QString& path) {
    return path.toStdString();
}

/// A session without files on disk.
SessionFile someSession(const char* input) {
    SessionFile session;
    session.inputs.push_back({std::filesystem::path("/nowhere") / input, {}, {}});
    session.current = 0;
    session.view = toJson(fullView());
    session.is_modified = true;
    return session;
}

} // namespace

class RecoveryTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        folder_ = std::make_unique<QTemporaryDir>();
        bench_ = std::make_unique<Bench>();
        QVERIFY(QDir().mkpath(recovery()));
    }
    void cleanup() {
        window_.reset();
        bench_.reset();
    }

    void aCleanEndLeavesNothing() {
        {
            Recovery own(recovery());
            own.keep(someSession("x.png"));
            QTRY_COMPARE_WITH_TIMEOUT(kept().size(), 1, patience_ms);
            own.forget();
            QTRY_COMPARE_WITH_TIMEOUT(kept().size(), 0, patience_ms);
            own.keep(someSession("y.png"));
            QTRY_COMPARE_WITH_TIMEOUT(kept().size(), 1, patience_ms);
            QCOMPARE(
                readSession(nativePath(kept().front())).inputs[0].path.filename().string(),
                std::string("y.png"));
        }
        QCOMPARE(QDir(recovery()).entryList(QDir::Files), QStringList());
    }
    void withoutAFolderNothingIsKept() {
        Recovery none{QString()};
        none.keep(someSession("x.png"));
        none.forget();
        QVERIFY(none.left().empty());
    }
    void aRunningProgramsSessionIsNotTaken() {
        Recovery first(recovery());
        first.keep(someSession("x.png"));
        QTRY_COMPARE_WITH_TIMEOUT(kept().size(), 1, patience_ms);
        Recovery second(recovery());
        QVERIFY(second.left().empty());
        second.keep(someSession("y.png"));
        QTRY_COMPARE_WITH_TIMEOUT(kept().size(), 2, patience_ms);
    }
    void whatWasLeftIsOfferedToOneProgram() {
        leave(someSession("x.png"));
        {
            Recovery first(recovery());
            QCOMPARE(first.left().size(), std::size_t(1));
            Recovery second(recovery());
            QVERIFY(second.left().empty());
        }
        // It was not answered.
        Recovery later(recovery());
        QCOMPARE(later.left().size(), std::size_t(1));
        later.discard(later.left().front().file);
        QVERIFY(later.left().empty());
        QCOMPARE(kept(), QStringList());
    }
    void aLockThatNamesNobodyIsNone() {
        leave(someSession("x.png"));
        QFile lock(kept().front() + ".lock");
        QVERIFY(lock.open(QIODevice::WriteOnly));
        // A moment ago its program may still have been about to write its name.
        QVERIFY(Recovery(recovery()).left().empty());
        QVERIFY(lock.setFileTime(
            QDateTime::currentDateTime().addSecs(-60), QFileDevice::FileModificationTime));
        lock.close();
        QCOMPARE(Recovery(recovery()).left().size(), std::size_t(1));
    }
    void aDamagedOneIsSetAside() {
        QFile file(recovery() + "/damaged.vitreous");
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{");
        file.close();
        leave(someSession("x.png"));
        openWindow();
        QVERIFY(window_->grid().notice().text().contains("damaged"));
        QVERIFY(window_->grid().offer().text().startsWith("Vitreous ended unexpectedly."));
        QVERIFY(QFileInfo::exists(recovery() + "/damaged.vitreous.damaged"));
        QCOMPARE(kept().size(), 1);
    }

    void theWindowKeepsWhatIsWorthIt() {
        openWindow();
        window_->showDemo();
        QVERIFY(bench_->becomesIdle());
        QTest::qWait(2500);
        QCOMPARE(kept(), QStringList());
        const SessionState start = bench_->session.state();
        window_->actions()["view.bilinear"]->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(kept().size(), 1, patience_ms);
        QCOMPARE(viewFromJson(keptSession().view).sampling, Sampling::Bilinear);
        window_->actions()["edit.undo"]->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(kept().size(), 0, patience_ms);
        // No digests: that would read whole checkpoints.
        window_->actions()["input.next"]->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(kept().size(), 1, patience_ms);
        QVERIFY(sessionState(keptSession()) != start);
        for (const auto& [path, facts] : keptSession().files) {
            QVERIFY(facts.bytes && facts.time_nsec && facts.sha256.empty());
        }
        QVERIFY(window_->close());
        window_.reset();
        QCOMPARE(kept(), QStringList());
    }
    void aLeftSessionIsRestored() {
        bench_->open({"a.pth", "x.png", "y.png"});
        QVERIFY(bench_->becomesIdle());
        bench_->session.setView(fullView());
        const SessionState state = bench_->session.state();
        SessionFile file = sessionFile(state, {});
        file.saved_as = nativePath(bench_->files.path("named.vitreous"));
        file.is_modified = true;
        leave(file);
        bench_->session.restore({}, {});

        openWindow();
        NoticeBar& offer = window_->grid().offer();
        QVERIFY2(
            offer.text().contains("Restore named.vitreous as it was at"), qPrintable(offer.text()));
        press("Restore");
        QVERIFY(bench_->becomesIdle());
        QVERIFY(bench_->session.state() == state);
        QVERIFY(offer.isHidden());
        QCOMPARE(window_->saving().path(), bench_->files.path("named.vitreous"));
        QVERIFY(window_->saving().isModified());
        // It is this program's own now.
        QCOMPARE(kept().size(), 1);
        window_.reset();
        QCOMPARE(kept(), QStringList());
    }
    void aSessionThatWasSavedNowhereIsReopened() {
        openWindow();
        QVERIFY(!window_->actions()["file.reopen"]->isEnabled());
        bench_->open({"a.pth", "x.png", "y.png"});
        QVERIFY(bench_->becomesIdle());
        bench_->session.setView(fullView());
        const SessionState state = bench_->session.state();
        // Closing asks nothing.
        QVERIFY(window_->close());
        window_.reset();
        QCOMPARE(kept(), QStringList(recovery() + "/last.vitreous"));
        bench_->session.restore({}, {});

        openWindow();
        QVERIFY(window_->grid().offer().isHidden());
        QVERIFY(window_->actions()["file.reopen"]->isEnabled());
        bench_->open({"z.png"});
        QTest::keyClick(window_.get(), Qt::Key_T, Qt::ControlModifier | Qt::ShiftModifier);
        QVERIFY(bench_->becomesIdle());
        QVERIFY(bench_->session.state() == state);
        QVERIFY(window_->saving().path().isEmpty());
        // What was open may be brought back.
        press("Bring It Back");
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->shown(), QString("z.png"));
        // A session with a file takes nobody's place.
        window_->saving().saveTo(bench_->files.path("named.vitreous"));
        QVERIFY(bench_->becomesIdle());
        window_.reset();
        QVERIFY(sessionState(keptSession()) == state);
    }
    void aDamagedLastSessionIsTold() {
        QFile file(recovery() + "/last.vitreous");
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{");
        file.close();
        openWindow();
        QVERIFY(window_->grid().offer().isHidden());
        bench_->open({"z.png"});
        window_->actions()["file.reopen"]->trigger();
        QVERIFY(window_->grid().notice().text().endsWith("last.vitreous"));
        QCOMPARE(bench_->shown(), QString("z.png"));
    }
    void anOfferOutlastsACancelledQuestion() {
        leave(someSession("x.png"));
        leave(someSession("y.png"));
        openWindow();
        const QString offered = window_->grid().offer().text();
        bench_->open({"z.png"});
        QVERIFY(bench_->becomesIdle());
        window_->saving().saveTo(bench_->files.path("named.vitreous"));
        QVERIFY(bench_->becomesIdle());
        bench_->session.setView(fullView());
        bool is_asked = false;
        QTimer cancel;
        connect(&cancel, &QTimer::timeout, this, [&] {
            if (auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget())) {
                cancel.stop();
                is_asked = true;
                box->button(QMessageBox::Cancel)->click();
            }
        });
        cancel.start(10);
        press("Restore");
        QVERIFY(is_asked);
        QCOMPARE(bench_->shown(), QString("z.png"));
        QVERIFY(window_->grid().offer().isVisible());
        QCOMPARE(window_->grid().offer().text(), offered);
        QCOMPARE(QDir(recovery()).entryList({"left*.vitreous"}, QDir::Files).size(), 2);
        press("Discard");
        press("Discard");
        QVERIFY(window_->grid().offer().isHidden());
    }
    void severalAreOfferedOneByOne() {
        leave(someSession("x.png"));
        leave(someSession("y.png"));
        openWindow();
        bench_->open({"z.png"});
        QVERIFY(bench_->becomesIdle());
        press("Discard");
        QCOMPARE(kept().size(), 1);
        // What was open without being saved can be brought back.
        press("Restore");
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->session.inputs().rowCount(), 1);
        QVERIFY(bench_->shown() != "z.png");
        QVERIFY(bench_->session.view() == fullView());
    }
    void anUnansweredOneStays() {
        leave(someSession("x.png"));
        openWindow();
        window_->grid().offer().findChild<QToolButton*>()->click();
        QVERIFY(window_->grid().offer().isHidden());
        window_.reset();
        QCOMPARE(kept().size(), 1);
        openWindow();
        QVERIFY(window_->grid().offer().isVisible());
    }

    void aKilledProgramsSessionComesBack() {
        const QString picture = QStringLiteral(VITREOUS_TEST_DATA "/media/gray.png");
        bench_->files.make({"here.pth"});
        QProcess program;
        start(program, {bench_->files.path("here.pth"), picture});
        QTRY_COMPARE_WITH_TIMEOUT(kept().size(), 1, patience_ms);
        {
            // It is running: nothing is offered.
            const Recovery other(recovery());
            QVERIFY(const_cast<Recovery&>(other).left().empty());
        }
        QCOMPARE(kill(pid_t(program.processId()), SIGKILL), 0);
        QVERIFY(program.waitForFinished(patience_ms));
        QCOMPARE(program.exitStatus(), QProcess::CrashExit);
        QCOMPARE(kept().size(), 1);

        openWindow();
        QVERIFY2(
            window_->grid().offer().text().contains("Restore the session of "),
            qPrintable(window_->grid().offer().text()));
        press("Restore");
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->session.models().rowCount(), 1);
        QCOMPARE(
            bench_->session.models().items()[0].spec.path,
            nativePath(bench_->files.path("here.pth")));
        QCOMPARE(bench_->shown(), QString("gray.png"));
        QVERIFY(window_->saving().path().isEmpty());
        window_.reset();
        // It was saved nowhere.
        QCOMPARE(QDir(recovery()).entryList(QDir::Files), QStringList("last.vitreous"));
    }
    void aKilledProgramsSessionIsOfferedByTheNext() {
        leave(someSession("x.png"));
        QProcess program;
        // The picture's row tells that the session was not replaced, the lock that it is taken.
        start(program, {});
        const QLockFile lock(kept().front() + ".lock");
        qint64 holder = 0;
        QString host;
        QString name;
        QTRY_VERIFY_WITH_TIMEOUT(lock.getLockInfo(&holder, &host, &name), patience_ms);
        QCOMPARE(holder, program.processId());
        program.terminate();
        QVERIFY(program.waitForFinished(patience_ms));
        QCOMPARE(kept().size(), 1);
        Recovery next(recovery());
        QCOMPARE(next.left().size(), std::size_t(1));
    }
    void aBatchKeepsAndOffersNothing() {
        leave(someSession("x.png"));
        QProcess program;
        start(
            program, {"--screenshot", folder_->filePath("s.png"),
                      QStringLiteral(VITREOUS_TEST_DATA "/media/gray.png")});
        QVERIFY(program.waitForFinished(patience_ms));
        QCOMPARE(program.exitCode(), 0);
        QCOMPARE(QDir(recovery()).entryList(QDir::Files).size(), 1);
    }

private:
    [[nodiscard]] QString recovery() const {
        return folder_->filePath(QStringLiteral("data/vitreous/vitreous/recovery"));
    }
    /// The sessions in the folder.
    [[nodiscard]] QStringList kept() const {
        QStringList files;
        const QDir folder(recovery());
        for (const QString& name : folder.entryList({"*.vitreous"}, QDir::Files)) {
            files << folder.filePath(name);
        }
        return files;
    }
    [[nodiscard]] SessionFile keptSession() const {
        return readSession(nativePath(kept().front()));
    }
    void leave(const SessionFile& session) const {
        static int number = 0;
        writeSession(
            nativePath(recovery() + QStringLiteral("/left%1.vitreous").arg(++number)), session);
    }
    void openWindow() {
        window_ = std::make_unique<MainWindow>(bench_->session, settings(), recovery());
        window_->show();
        window_->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window_.get()));
    }
    [[nodiscard]] std::unique_ptr<QSettings> settings() const {
        return std::make_unique<QSettings>(
            folder_->filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    }
    void press(const QString& answer) {
        for (auto* button : window_->grid().offer().findChildren<QPushButton*>()) {
            if (button->accessibleName() == answer && !button->isHidden()) {
                QTest::mouseClick(button, Qt::LeftButton);
                return;
            }
        }
        QFAIL("no such answer");
    }
    void start(QProcess& program, const QStringList& arguments) const {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert("XDG_DATA_HOME", folder_->filePath("data"));
        environment.insert("XDG_CONFIG_HOME", folder_->filePath("config"));
        program.setProcessEnvironment(environment);
        program.start(QStringLiteral(VITREOUS_PROGRAM), arguments);
        QVERIFY(program.waitForStarted(patience_ms));
    }

    std::unique_ptr<QTemporaryDir> folder_;
    std::unique_ptr<Bench> bench_;
    std::unique_ptr<MainWindow> window_;
};

int main(int argc, char** argv) {
    setDefaultSurfaceFormat();
    QApplication application(argc, argv);
    RecoveryTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "recovery_test.moc"
