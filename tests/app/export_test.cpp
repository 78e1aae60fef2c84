// Results as files: of what they were made from, under names of their own, stopped when asked.

#include <QSignalSpy>
#include <QTest>

#include "tests/app/bench.h"

using namespace vitreous;
using namespace vitreous::testing;

class ExportTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { bench_ = std::make_unique<Bench>(); }
    void cleanup() { bench_.reset(); }

    void aChangedInputIsRefused() {
        openPair();
        bench_->files.write("x.png", "other");
        refuses("x.png");
        runAgain();
        QCOMPARE(greys(), std::vector<int>({'o', 'o'}));
        writes({"x.a.npz", "x.b.npz"});
        QCOMPARE(bench_->control->loads.load(), 2);
    }
    void anInputThatIsGoneIsRefused() {
        openPair();
        QVERIFY(QFile::remove(bench_->files.path("x.png")));
        refuses("x.png");
    }
    void aChangedModelIsRefused() {
        openPair();
        bench_->files.write("b.pth", "other weights");
        refuses("b.pth", 1);
        runAgain();
        // Only the one that changed is loaded again.
        QCOMPARE(bench_->control->loads.load(), 3);
        writes({"x.a.npz", "x.b.npz"});
    }
    void aChangedLlmIsRefused() {
        bench_->files.make({"llm.pth"});
        bench_->open({"a.pth", "x.png"});
        const ModelItem item = bench_->session.models().items()[0];
        ModelSpec spec = item.spec;
        spec.llm = bench_->files.path("llm.pth").toStdString();
        bench_->session.reloadModel(item.id, spec);
        QVERIFY(bench_->becomesIdle());
        bench_->files.write("llm.pth", "other weights");
        refuses("llm.pth");
    }
    void rowsAreOfOnePicture() {
        bench_->files.make({"x.png"});
        bench_->files.write("x.png", "1");
        bench_->session.open({bench_->files.path("x.png")});
        bench_->open({"a.pth"});
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(greys(), std::vector<int>({'1'}));
        // Another picture is read in between, so that this one is read anew for the next model.
        bench_->open({"y.png"});
        QVERIFY(bench_->becomesIdle());
        bench_->files.write("x.png", "22");
        bench_->session.setCurrentInput(bench_->inputIds()[0]);
        bench_->open({"b.pth"});
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(greys(), std::vector<int>({'2', '2'}));
    }

    void namesOfOneStemAreDistinct() {
        bench_->open({"m.pth", "one/x.png", "two/x.png", "one/x.jpg", "one/y.png", "x.png.png"});
        QVERIFY(bench_->becomesIdle());
        QStringList names;
        for (const InputId id : bench_->inputIds()) {
            bench_->session.setCurrentInput(id);
            QVERIFY(bench_->becomesIdle());
            names << written();
        }
        QCOMPARE(
            names, QStringList(
                       {"x.png (one).m.npz", "x.png (two).m.npz", "x.jpg.m.npz", "y.m.npz",
                        "x.png.m.npz"}));
    }
    void whatWouldBeReplacedIsKnown() {
        openPair();
        const std::filesystem::path folder = bench_->files.path("out").toStdString();
        QVERIFY(bench_->session.replacedFiles(folder).empty());
        bench_->files.make({"out/x.b.json", "out/y.a.npz", "out/x.a.npz"});
        QCOMPARE(
            bench_->session.replacedFiles(folder),
            std::vector<std::filesystem::path>({folder / "x.a.npz", folder / "x.b.json"}));
    }

    void writingIsCancelled() {
        openPair();
        bench_->control->writing.close();
        QSignalSpy progressed(&bench_->session, &Session::progressChanged);
        const QSignalSpy noticed(&bench_->session, &Session::noticed);
        bench_->session.exportData("/somewhere");
        QTRY_COMPARE_WITH_TIMEOUT(bench_->control->writes.load(), 1, Bench::patience_ms);
        bench_->session.cancel();
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(noticed.count(), 1);
        QVERIFY(noticed[0][0].toString().startsWith("Not written"));
        QVERIFY(noticed[0][1].toBool());
        QCOMPARE(bench_->control->writes.load(), 1);
    }
    void whatIsWrittenAlreadyIsSaid() {
        openPair();
        bench_->control->writing.close();
        const QSignalSpy noticed(&bench_->session, &Session::noticed);
        bench_->session.exportData("/somewhere");
        QTRY_COMPARE_WITH_TIMEOUT(bench_->control->writes.load(), 1, Bench::patience_ms);
        bench_->files.write("b.pth", "other weights");
        bench_->control->writing.open();
        QTRY_COMPARE_WITH_TIMEOUT(noticed.count(), 1, Bench::patience_ms);
        QVERIFY2(noticed[0][0].toString().contains("1 of 2"), qPrintable(noticed[0][0].toString()));
    }
    void closingEndsWriting() {
        openPair();
        bench_->control->writing.close();
        bench_->session.exportData("/somewhere");
        QTRY_COMPARE_WITH_TIMEOUT(bench_->control->writes.load(), 1, Bench::patience_ms);
        // cleanup() would hang.
    }

private:
    void openPair() {
        bench_->open({"a.pth", "b.pth", "x.png"});
        QVERIFY(bench_->becomesIdle());
        QVERIFY(bench_->session.hasMaps());
    }
    void runAgain() {
        bench_->session.runAgain();
        QVERIFY(bench_->becomesIdle());
    }
    std::vector<int> greys() {
        std::vector<int> greys;
        for (const GridRow& row : bench_->session.rows()) {
            greys.push_back(row.result ? row.result->picture.pixels.front() : -1);
        }
        return greys;
    }
    /// begun: how many of the results are being written before that.
    void refuses(const QString& name, int begun = 0) {
        const QSignalSpy noticed(&bench_->session, &Session::noticed);
        const int before = bench_->control->writes;
        bench_->session.exportData("/somewhere");
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(noticed.count(), 1);
        const QString text = noticed[0][0].toString();
        QVERIFY2(text.contains("F5") && text.contains(bench_->files.path(name)), qPrintable(text));
        QVERIFY(noticed[0][1].toBool());
        QCOMPARE(bench_->control->writes.load(), before + begun);
    }
    /// The names of the files of an export.
    QStringList written() {
        QSignalSpy written(&bench_->session, &Session::written);
        bench_->session.exportData("/somewhere");
        QStringList names;
        if (bench_->becomesIdle() && written.count() == 1) {
            for (const QString& file : written[0][0].toStringList()) {
                names << QString(file).remove("/somewhere/");
            }
        }
        return names;
    }
    void writes(const QStringList& names) { QCOMPARE(written(), names); }

    std::unique_ptr<Bench> bench_;
};

QTEST_GUILESS_MAIN(ExportTest)
#include "export_test.moc"
