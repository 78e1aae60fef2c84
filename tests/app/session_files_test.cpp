// Session files in the real window: damaged ones, recent ones, and files that have moved.

#include <QDir>
#include <QListView>
#include <QMenu>
#include <QToolButton>

#include "tests/app/full_view.h"
#include "tests/app/saving_fixture.h"
#include "tests/support/hindrance.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

QAction* entry(const QMenu& menu, const QString& part) {
    for (QAction* action : menu.actions()) {
        if (action->text().contains(part)) {
            return action;
        }
    }
    return nullptr;
}

} // namespace

class SessionFilesTest final : public QObject, private SavingFixture {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs); }
    void init() { begin(); }
    void cleanup() { end(); }

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
        openWindow(settings());
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
    [[nodiscard]] QByteArray read(const QString& name) const {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    [[nodiscard]] QMenu& recentMenu() {
        for (auto* menu : window_->findChildren<QMenu*>()) {
            if (menu->title() == "Open &Recent") {
                return *menu;
            }
        }
        qFatal("no menu of recent files");
    }
};

int main(int argc, char** argv) {
    setDefaultSurfaceFormat();
    QApplication application(argc, argv);
    SessionFilesTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "session_files_test.moc"
