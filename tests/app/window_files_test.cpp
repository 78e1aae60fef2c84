// The window around files: what is asked before they are replaced, what is said when they cannot be
// written, what is removed from the lists.

#include <QDir>
#include <QListView>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QStyledItemDelegate>
#include <QTest>
#include <QTimer>
#include <QToolButton>

#include "app/desktop/demo.h"
#include "app/desktop/main_window.h"
#include "tests/app/bench.h"
#include "tests/support/hindrance.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

/// Counts how often a row's size is asked for.
class CountingDelegate final : public QStyledItemDelegate {
public:
    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override {
        ++asked;
        return {10, height};
    }
    mutable int asked = 0;
    int height = 30;
};

} // namespace

class WindowFilesTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        bench_ = std::make_unique<Bench>();
        window_ = std::make_unique<MainWindow>(bench_->session, nullptr);
        window_->show();
        window_->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(window_.get()));
    }
    void cleanup() {
        bench_->control->reading.open();
        window_.reset();
        bench_.reset();
    }

    void filesAreReplacedOnlyWhenAsked() {
        openPair();
        bench_->files.make({"out/x.a.npz", "out/x.a.json"});
        const QSignalSpy written(&bench_->session, &Session::written);
        QString question = exportAndAnswer(Qt::Key_Escape);
        QVERIFY(question.contains("x.a.npz") && question.contains("x.a.json"));
        QVERIFY(!question.contains("x.b.npz"));
        QCOMPARE(bench_->control->writes.load(), 0);
        // The safe answer is the one that Return gives.
        question = exportAndAnswer(Qt::Key_Return);
        QVERIFY(!question.isEmpty());
        QCOMPARE(bench_->control->writes.load(), 0);
        question = exportAndAnswer(Qt::Key_R, Qt::AltModifier);
        QVERIFY(!question.isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(written.count(), 1, Bench::patience_ms);
        QCOMPARE(bench_->control->writes.load(), 2);
    }
    void nothingIsAskedForNewFiles() {
        openPair();
        bench_->files.make({"out/y.a.npz"});
        const QSignalSpy written(&bench_->session, &Session::written);
        QVERIFY(exportAndAnswer(Qt::Key_Escape).isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(written.count(), 1, Bench::patience_ms);
    }

    void viewOnAFullDisk() {
        openPair();
        bench_->files.make({"out/view.png"});
        const FullDisk full;
        for (const char* name : {"out/view.pdf", "out/view.png"}) {
            QVERIFY_EXCEPTION_THROWN(window_->exportView(bench_->files.path(name)), Error);
        }
        QCOMPARE(filesIn("out"), QStringList{"view.png"});
        QCOMPARE(QFileInfo(bench_->files.path("out/view.png")).size(), qint64(0));
    }
    void viewIntoALockedFolder() {
        openPair();
        bench_->files.make({"out/other"});
        const Unprivileged user({bench_->files.path(""), bench_->files.path("out")});
        QVERIFY_EXCEPTION_THROWN(window_->exportView(bench_->files.path("out/view.pdf")), Error);
        QCOMPARE(filesIn("out"), QStringList{"other"});
    }

    void currentInputIsRemovedThroughTheList() {
        bench_->open({"a.pth", "0.png", "1.png", "2.png"});
        QVERIFY(bench_->becomesIdle());
        auto* list = window_->findChild<QDockWidget*>("inputsPanel")->findChild<QListView*>();
        list->setCurrentIndex(bench_->session.inputs().index(1));
        list->setFocus();
        QVERIFY(bench_->becomesIdle());
        for (const char* next : {"2.png", "0.png"}) {
            QTest::keyClick(list, Qt::Key_Delete);
            QVERIFY(bench_->becomesIdle());
            QCOMPARE(bench_->shown(), QString(next));
            QCOMPARE(list->currentIndex().data().toString(), QString(next));
            QVERIFY(bench_->session.rows()[0].result);
            QVERIFY(window_->windowTitle().contains(next));
        }
        QTest::keyClick(list, Qt::Key_Delete);
        QVERIFY(bench_->becomesIdle());
        QVERIFY(!bench_->session.currentInput());
        QVERIFY(!list->currentIndex().isValid());
    }
    void aPictureThatArrivesLaysOutItsRowOnly() {
        QStringList names;
        for (int i = 0; i < 100; ++i) {
            names << QStringLiteral("%1.png").arg(i);
        }
        bench_->open(names);
        QVERIFY(bench_->becomesIdle());
        auto* list = window_->findChild<QDockWidget*>("inputsPanel")->findChild<QListView*>();
        CountingDelegate counting;
        list->setItemDelegate(&counting);
        QCoreApplication::processEvents();
        QVERIFY(counting.asked >= 100);
        // Rows of that height bring others into view.
        QVERIFY(bench_->becomesIdle());
        QCoreApplication::processEvents();
        counting.asked = 0;
        bench_->session.inputs().update(
            bench_->inputIds()[3], [](InputItem& item) { item.thumbnail.fill(Qt::red); });
        QCoreApplication::processEvents();
        QVERIFY2(counting.asked < 50, qPrintable(QString::number(counting.asked)));
        // A row that needs another height gets it.
        counting.height = 90;
        bench_->session.inputs().update(bench_->inputIds()[3], [](InputItem&) {});
        QCoreApplication::processEvents();
        QCOMPARE(list->visualRect(bench_->session.inputs().index(3)).height(), 90);
    }
    void cancelButtonStopsReading() {
        bench_->control->reading.close();
        bench_->open({"0.png", "1.png", "2.png"});
        auto* cancel = window_->statusLine().findChild<QToolButton*>();
        QVERIFY(cancel->isVisible() && cancel->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(
            bench_->session.inputs().items()[2].is_reading, Bench::patience_ms);
        QTest::mouseClick(cancel, Qt::LeftButton);
        bench_->control->reading.open();
        QVERIFY(bench_->becomesIdle());
        QVERIFY(bench_->control->reads <= 1);
        QVERIFY(!cancel->isVisible());
    }
    void theDemoOpensWithItsScenes() {
        QVERIFY2(demoFolder(), "resources/demo is incomplete");
        window_->showDemo();
        const auto& models = bench_->session.models().items();
        QCOMPARE(models.size(), std::size_t(2));
        QCOMPARE(models[0].spec.label, std::string("ViT"));
        QCOMPARE(models[1].spec.label, std::string("ViT-LLaMA"));
        const auto& inputs = bench_->session.inputs().items();
        QCOMPARE(inputs.size(), std::size_t(12));
        for (const InputItem& item : inputs) {
            QVERIFY2(!item.caption.isEmpty(), item.path.c_str());
        }
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->session.currentInput(), inputs.front().id);
        QVERIFY(bench_->session.hasMaps());
    }
    void oneDemoGivesWayToTheOther() {
        QVERIFY2(demoFolder(DemoKind::Points), "resources/demo is incomplete");
        window_->showDemo();
        window_->actions()["file.point_demo"]->trigger();
        const auto labels = [this] {
            QStringList all;
            for (const ModelItem& item : bench_->session.models().items()) {
                all << QString::fromStdString(item.spec.label);
            }
            return all;
        };
        QCOMPARE(labels(), QStringList({"Point-BERT", "Point-BERT-LLaMA"}));
        QCOMPARE(bench_->session.inputs().rowCount(), 10);
        QCOMPARE(bench_->session.inputs().items().front().caption, QString("airplane"));
        QVERIFY(bench_->becomesIdle());
        // It gives way as the other does.
        bench_->open({"x.png"});
        QCOMPARE(bench_->session.inputs().rowCount(), 1);
        QCOMPARE(labels(), QStringList({"ViT", "ViT-LLaMA"}));
        bench_->open({"y.ply"});
        QCOMPARE(labels(), QStringList({"Point-BERT", "Point-BERT-LLaMA"}));
        bench_->open({"own.pth"});
        QCOMPARE(labels(), QStringList({"own"}));
        bench_->open({"z.png"});
        QCOMPARE(labels(), QStringList({"own"}));
        QVERIFY(bench_->becomesIdle());
    }
    void theNoteGoesWithTheDemo() {
        QVERIFY2(demoFolder(), "resources/demo is incomplete");
        window_->showDemo();
        QVERIFY(window_->statusLine().text().contains("demo"));
        QVERIFY(bench_->becomesIdle());
        bench_->open({"x.png"});
        QCOMPARE(bench_->session.inputs().rowCount(), 1);
        QVERIFY(window_->statusLine().text().contains("demo"));
        bench_->open({"a.pth"});
        QCOMPARE(window_->statusLine().text(), QString());
        QCOMPARE(bench_->session.models().rowCount(), 1);
        QCOMPARE(bench_->session.inputs().rowCount(), 1);
        QVERIFY(bench_->becomesIdle());
    }

private:
    void openPair() {
        bench_->open({"a.pth", "b.pth", "x.png"});
        QVERIFY(bench_->becomesIdle());
        QVERIFY(bench_->session.hasMaps());
    }
    [[nodiscard]] QStringList filesIn(const QString& folder) const {
        return QDir(bench_->files.path(folder)).entryList(QDir::Files | QDir::Hidden);
    }
    /// Exports the data and answers the question with a key. Returns what was asked; empty:
    /// nothing.
    QString exportAndAnswer(Qt::Key key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
        QString asked;
        QTimer answer;
        connect(&answer, &QTimer::timeout, this, [&] {
            auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            if (box != nullptr && box->isActiveWindow()) {
                answer.stop();
                asked = box->text() + box->informativeText();
                QTest::keyClick(box, key, modifiers);
            }
        });
        answer.start(10);
        window_->exportData(bench_->files.path("out"));
        return asked;
    }

    std::unique_ptr<Bench> bench_;
    std::unique_ptr<MainWindow> window_;
};

int main(int argc, char** argv) {
    setDefaultSurfaceFormat();
    QApplication application(argc, argv);
    WindowFilesTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "window_files_test.moc"
