// Sessions in the real window: the title, what is asked before changes are lost, damaged files,
// recent files, moved files by the menu of their row.

#include <functional>

#include <QDir>
#include <QDropEvent>
#include <QFileDialog>
#include <QListView>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include "app/desktop/main_window.h"
#include "tests/app/bench.h"
#include "tests/app/full_view.h"
#include "tests/support/hindrance.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

/// Waits in the event loops of dialogs and menus for a widget to act on, then acts once.
template <typename Widget>
class Answer final {
public:
    Answer(std::function<Widget*()> find, std::function<void(Widget&)> act) {
        QObject::connect(&timer_, &QTimer::timeout, &timer_, [this, find, act] {
            if (Widget* widget = find()) {
                timer_.stop();
                is_given_ = true;
                act(*widget);
            }
        });
        timer_.start(10);
    }
    [[nodiscard]] bool isGiven() const { return is_given_; }

private:
    QTimer timer_;
    bool is_given_ = false;
};

QMessageBox* question() {
    auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
    return box != nullptr && box->isActiveWindow() ? box : nullptr;
}

QFileDialog* fileDialog() {
    return qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
}

QAction* entry(const QMenu& menu, const QString& part) {
    for (QAction* action : menu.actions()) {
        if (action->text().contains(part)) {
            return action;
        }
    }
    return nullptr;
}

} // namespace

class SavingTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs); }
    void init() {
        bench_ = std::make_unique<Bench>();
        bench_->control->needs_files = true;
        openWindow(std::make_unique<QSettings>(path("settings.ini"), QSettings::IniFormat));
    }
    void cleanup() {
        window_.reset();
        bench_.reset();
    }

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
        openPair();
        save("pair.vitreous");
        window_.reset();
        bench_->session.restore({}, {});
        openWindow(std::make_unique<QSettings>(path("settings.ini"), QSettings::IniFormat));
        bench_->open({"c.pth", "y.png"});
        QVERIFY(bench_->becomesIdle());
        const SessionState unsaved = bench_->session.state();
        bench_->session.open({path("pair.vitreous")});
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->shown(), QString("x.png"));
        NoticeBar& offer = window_->grid().offer();
        QVERIFY(offer.text().startsWith("pair.vitreous is open in the place of a session"));
        QTest::mouseClick(offer.findChild<QPushButton*>(), Qt::LeftButton);
        QVERIFY(bench_->becomesIdle());
        QVERIFY(bench_->session.state() == unsaved);
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
        openPair();
        save("pair.vitreous");
        window_.reset();
        bench_->session.restore({}, {});
        openWindow(std::make_unique<QSettings>(path("settings.ini"), QSettings::IniFormat));
        bench_->open({"c.pth", "y.png"});
        QVERIFY(bench_->becomesIdle());
        const SessionState unsaved = bench_->session.state();
        bench_->session.open({path("pair.vitreous")});
        QVERIFY(bench_->becomesIdle());
        setOpacity(0.5);
        const SessionState changed = bench_->session.state();
        bringBack(button);
        if (button == QMessageBox::Cancel) {
            QVERIFY(bench_->session.state() == changed);
            QVERIFY(window_->grid().offer().isVisible());
            bringBack(QMessageBox::Discard);
        }
        QTRY_VERIFY_WITH_TIMEOUT(bench_->session.state() == unsaved, Bench::patience_ms);
        QVERIFY(window_->grid().offer().isHidden());
        QVERIFY(bench_->becomesIdle());
        const auto file = sessionState(readSession(path("pair.vitreous").toStdString()));
        QCOMPARE(file.view.opacity, button == QMessageBox::Save ? 0.5 : 0.75);
    }
    void bringingBackOutlastsAFailedSaving() {
        openPair();
        save("pair.vitreous");
        window_.reset();
        bench_->session.restore({}, {});
        openWindow(std::make_unique<QSettings>(path("settings.ini"), QSettings::IniFormat));
        bench_->open({"c.pth", "y.png"});
        QVERIFY(bench_->becomesIdle());
        const SessionState unsaved = bench_->session.state();
        bench_->session.open({path("pair.vitreous")});
        QVERIFY(bench_->becomesIdle());
        setOpacity(0.5);
        {
            const FullDisk full;
            bringBack(QMessageBox::Save);
            QVERIFY(window_->grid().offer().isHidden());
            QTRY_VERIFY_WITH_TIMEOUT(window_->grid().offer().isVisible(), Bench::patience_ms);
        }
        QCOMPARE(bench_->session.view().opacity, 0.5);
        bringBack(QMessageBox::Discard);
        QVERIFY(bench_->session.state() == unsaved);
    }

    void damagedFilesLeaveWhatIsOpen() {
        openPair();
        bench_->session.setView(fullView());
        save("pair.vitreous");
        const QByteArray text = read("pair.vitreous");
        const SessionState before = bench_->session.state();
        const auto models = bench_->session.models().items();
        int refused = 0;
        for (qsizetype size = 0; size + 2 < text.size(); size += 50) {
            bench_->files.write("damaged.vitreous", text.left(size));
            bench_->session.open({path("damaged.vitreous")});
            QVERIFY(window_->grid().notice().isVisible());
            QVERIFY2(
                notice().contains("the session cannot be opened", Qt::CaseInsensitive),
                qPrintable(notice()));
            QVERIFY(notice().endsWith("damaged.vitreous"));
            QVERIFY(bench_->session.state() == before);
            QVERIFY(bench_->session.models().items()[0].id == models[0].id);
            ++refused;
        }
        QVERIFY(refused > 20);
        QCOMPARE(bench_->session.failures().size(), std::size_t(refused));
        QCOMPARE(window_->saving().path(), path("pair.vitreous"));
    }
    void whatIsWrongIsNamed_data() {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::addColumn<QString>("message");
        QTest::newRow("newer") << QByteArray("\"version\": 1") << QByteArray("\"version\": 2")
                               << QString(
                                      "it was saved by a newer Vitreous (version 2, expected 1)");
        QTest::newRow("view") << QByteArray("\"opacity\": 0.75") << QByteArray("\"opacity\": []")
                              << QString("view.opacity: expected a number");
        QTest::newRow("input") << QByteArray("\"current\": 0") << QByteArray("\"current\": 7")
                               << QString("current: expected a whole number from 0 to 0, found 7");
        QTest::newRow("models") << QByteArray("\"models\": [") << QByteArray("\"models\": [3, ")
                                << QString("models[0]: expected an object, found 3");
    }
    void whatIsWrongIsNamed() {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QFETCH(QString, message);
        openPair();
        save("pair.vitreous");
        const SessionState before = bench_->session.state();
        QByteArray text = read("pair.vitreous");
        QVERIFY(text.contains(from));
        bench_->files.write("wrong.vitreous", text.replace(from, to));
        bench_->session.open({path("wrong.vitreous")});
        QVERIFY2(notice().contains(message), qPrintable(notice()));
        QVERIFY(bench_->session.state() == before);
    }

    void recentFilesAreListed() {
        openPair();
        save("pair.vitreous");
        QMenu& menu = recentMenu();
        QCOMPARE(window_->saving().recent().files().front(), path("pair.vitreous"));
        QCOMPARE(window_->saving().recent().files().size(), 4);
        for (int i = 0; i < 9; ++i) {
            bench_->open({QStringLiteral("%1.png").arg(i)});
        }
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(window_->saving().recent().files().size(), RecentFiles::most);
        QVERIFY(menu.actions().front()->text().contains("8.png"));
        // They outlast the window.
        window_.reset();
        openWindow(std::make_unique<QSettings>(path("settings.ini"), QSettings::IniFormat));
        bench_->session.restore({}, {});
        entry(recentMenu(), "pair.vitreous")->trigger();
        QTRY_COMPARE_WITH_TIMEOUT(bench_->session.models().rowCount(), 2, Bench::patience_ms);
        QVERIFY(bench_->becomesIdle());
        QVERIFY(recentMenu().actions().front()->text().contains("pair.vitreous"));
    }
    void aRecentFileThatIsGoneDropsOut() {
        openPair();
        const QStringList before = window_->saving().recent().files();
        QVERIFY(QFile::remove(path("x.png")));
        entry(recentMenu(), "x.png")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(notice().contains("not there any more"), Bench::patience_ms);
        QVERIFY(notice().endsWith("x.png"));
        QVERIFY(entry(recentMenu(), "x.png") == nullptr);
        QCOMPARE(window_->saving().recent().files().size(), before.size() - 1);
        entry(recentMenu(), "Clear")->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(!recentMenu().isEnabled(), Bench::patience_ms);
    }
    void manyFilesOfOneOpeningDoNotPushOutTheOthers() {
        openPair();
        save("pair.vitreous");
        QStringList names;
        for (int i = 0; i < 50; ++i) {
            names << QStringLiteral("many/%1.png").arg(i);
        }
        bench_->open(names);
        QVERIFY(window_->saving().recent().files().contains(path("pair.vitreous")));
        bench_->session.open({path("many")});
        QCOMPARE(window_->saving().recent().files().front(), path("many"));
        QVERIFY(bench_->becomesIdle());
    }

    void aMissingFileIsLocatedByTheMenuOfItsRow_data() {
        QTest::addColumn<QString>("panel");
        QTest::addColumn<QString>("file");
        QTest::newRow("model") << "modelsPanel"
                               << "a.pth";
        QTest::newRow("input") << "inputsPanel"
                               << "x.png";
    }
    void aMissingFileIsLocatedByTheMenuOfItsRow() {
        QFETCH(QString, panel);
        QFETCH(QString, file);
        openPair();
        save("pair.vitreous");
        QVERIFY(QDir().mkpath(path("moved")));
        for (const char* name : {"a.pth", "x.png"}) {
            QVERIFY(QFile::rename(path(name), path(QString("moved/") + name)));
        }
        bench_->session.open({path("pair.vitreous")});
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->session.failures().size(), std::size_t(2));
        const Answer<QFileDialog> answer(fileDialog, [&](QFileDialog& dialog) {
            QVERIFY(dialog.windowTitle().contains(file));
            dialog.setDirectory(path("moved"));
            dialog.selectFile(file);
            QMetaObject::invokeMethod(&dialog, "accept");
        });
        locateFirstOf(panel);
        QVERIFY(answer.isGiven());
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->session.failures().size(), std::size_t(0));
        QVERIFY(bench_->session.rows()[0].result);
    }

    void aMissingModelFolderIsSoughtAsOne_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("is_folder");
        QTest::newRow("dotted") << "Llama-3.2-1B" << true;
        QTest::newRow("plain") << "llama" << true;
        QTest::newRow("file") << "a.v2.pth" << false;
    }
    void aMissingModelFolderIsSoughtAsOne() {
        QFETCH(QString, name);
        QFETCH(bool, is_folder);
        SessionState state;
        state.models.emplace_back().spec.path = path(name).toStdString();
        bench_->session.restore(state, {});
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->session.failures().size(), std::size_t(1));
        const Answer<QFileDialog> answer(fileDialog, [&](QFileDialog& dialog) {
            QCOMPARE(dialog.windowTitle(), "Locate " + name);
            QCOMPARE(dialog.fileMode() == QFileDialog::Directory, is_folder);
            dialog.reject();
        });
        locateFirstOf("modelsPanel");
        QVERIFY(answer.isGiven());
    }

private:
    /// "Locate…" in the menu of a panel's first row.
    void locateFirstOf(const QString& panel) {
        auto* list = window_->findChild<QDockWidget*>(panel)->findChild<QListView*>();
        const Answer<QMenu> choose(
            [] { return qobject_cast<QMenu*>(QApplication::activePopupWidget()); },
            [](QMenu& menu) {
                menu.setActiveAction(entry(menu, "L&ocate…"));
                QTest::keyClick(&menu, Qt::Key_Return);
            });
        Q_EMIT list->customContextMenuRequested(
            list->visualRect(list->model()->index(0, 0)).center());
        QVERIFY(choose.isGiven());
    }
    void openWindow(std::unique_ptr<QSettings> settings) {
        window_ = std::make_unique<MainWindow>(bench_->session, std::move(settings));
        window_->show();
        window_->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window_.get()));
    }
    void openPair() {
        bench_->open({"a.pth", "b.pth", "x.png"});
        QVERIFY(bench_->becomesIdle());
    }
    void save(const QString& name) {
        const QSignalSpy saved(&bench_->session, &Session::saved);
        window_->saving().saveTo(path(name));
        QTRY_COMPARE_WITH_TIMEOUT(saved.count(), 1, Bench::patience_ms);
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
    [[nodiscard]] QString path(const QString& name) const { return bench_->files.path(name); }
    [[nodiscard]] QByteArray read(const QString& name) const {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] QString notice() { return window_->grid().notice().text(); }
    [[nodiscard]] QMenu& recentMenu() {
        for (auto* menu : window_->findChildren<QMenu*>()) {
            if (menu->title() == "Open &Recent") {
                return *menu;
            }
        }
        qFatal("no menu of recent files");
    }
    [[nodiscard]] QAction* menuAction(const QString& text) {
        for (QAction* action : window_->findChildren<QAction*>()) {
            if (action->text() == text) {
                return action;
            }
        }
        qFatal("no such menu entry");
    }

    std::unique_ptr<Bench> bench_;
    std::unique_ptr<MainWindow> window_;
};

int main(int argc, char** argv) {
    setDefaultSurfaceFormat();
    QApplication application(argc, argv);
    SavingTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "saving_test.moc"
