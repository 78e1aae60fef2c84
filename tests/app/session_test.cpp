#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

#include "app/desktop/session.h"
#include "tests/app/fake_engine.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

constexpr int patience_ms = 20'000;

} // namespace

class SessionTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() {
        control_ = std::make_shared<FakeControl>();
        files_ = std::make_unique<Files>();
        session_ = std::make_unique<Session>(fakeEngine(control_));
        models_tester_ = std::make_unique<QAbstractItemModelTester>(
            &session_->models(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        inputs_tester_ = std::make_unique<QAbstractItemModelTester>(
            &session_->inputs(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    }
    void cleanup() {
        inputs_tester_.reset();
        models_tester_.reset();
        session_.reset();
        files_.reset();
    }

    void anyOrder_data() {
        QTest::addColumn<QStringList>("names");
        QTest::newRow("models first") << QStringList{"a.pth", "b.pth", "x.png"};
        QTest::newRow("picture first") << QStringList{"x.png", "a.pth", "b.pth"};
        QTest::newRow("between") << QStringList{"a.pth", "x.png", "b.pth"};
    }
    void anyOrder() {
        QFETCH(QStringList, names);
        for (const QString& path : files_->make(names)) {
            session_->open({path});
        }
        waitUntilIdle();
        const auto rows = session_->rows();
        QCOMPARE(rows.size(), std::size_t(2));
        QCOMPARE(rows[0].label, QString("a"));
        QCOMPARE(rows[1].label, QString("b"));
        QVERIFY(rows[0].result && rows[1].result);
        QVERIFY(rows[0].chip != rows[1].chip);
        QCOMPARE(session_->inputs().items()[0].size, QSize(12, 6));
        QVERIFY(!session_->inputs().items()[0].thumbnail.isNull());
        QVERIFY(session_->failures().empty());
    }
    void errorsStayBesideTheirItems() {
        session_->open(files_->make({"bad.pth", "a.pth", "big.pth", "broken.png", "x.png"}));
        waitUntilIdle();
        const auto& models = session_->models().items();
        QCOMPARE(models[0].state, ModelItem::State::Failed);
        QVERIFY(models[0].failure.message.contains("blocks.0.norm1.weight"));
        QCOMPARE(models[1].state, ModelItem::State::Ready);
        QVERIFY(models[2].failure.message.contains("900 GB"));
        QVERIFY(session_->inputs().items()[0].failure.has_value());
        // Nobody chose the input that fails: the one that opens is shown.
        QCOMPARE(session_->currentInput(), session_->inputs().items()[1].id);
        const auto rows = session_->rows();
        QVERIFY(rows[1].result);
        QVERIFY(!rows[0].result && rows[0].message.contains("blocks.0.norm1.weight"));
        QCOMPARE(session_->failures().size(), std::size_t(3));
        // A choice is a choice: the error is shown.
        session_->setCurrentInput(session_->inputs().items()[0].id);
        waitUntilIdle();
        QVERIFY(!session_->rows()[1].result);
        QCOMPARE(session_->currentInput(), session_->inputs().items()[0].id);
    }
    void refusedInputStaysWithItsModel() {
        session_->open(files_->make({"picky.pth", "a.pth", "x.png"}));
        waitUntilIdle();
        const auto rows = session_->rows();
        QCOMPARE(rows[0].message, QString("Expected another shape"));
        QVERIFY(rows[1].result);
    }
    void resultsAreKept() {
        session_->open(files_->make({"a.pth", "x.png", "y.png"}));
        waitUntilIdle();
        QCOMPARE(control_->analyses.load(), 1);
        session_->setCurrentInput(session_->inputs().items()[1].id);
        waitUntilIdle();
        session_->setCurrentInput(session_->inputs().items()[0].id);
        QVERIFY(session_->rows()[0].result);
        waitUntilIdle();
        QCOMPARE(control_->analyses.load(), 2);
    }
    void sameFileOpensOnce() {
        const QStringList paths = files_->make({"a.pth", "x.png"});
        session_->open(paths);
        session_->open(paths);
        QCOMPARE(session_->models().rowCount(), 1);
        QCOMPARE(session_->inputs().rowCount(), 1);
    }
    void labelsAreDistinct() {
        session_->open(files_->make({"one/model.pth", "two/model.pth"}));
        const auto& items = session_->models().items();
        QCOMPARE(items[0].spec.label, std::string("model"));
        QCOMPARE(items[1].spec.label, std::string("model (two)"));
    }
    void removal() {
        session_->open(files_->make({"a.pth", "b.pth", "x.png", "y.png"}));
        waitUntilIdle();
        session_->removeModel(session_->models().items()[0].id);
        QTRY_COMPARE_WITH_TIMEOUT(control_->alive.load(), 1, patience_ms);
        QCOMPARE(session_->rows().size(), std::size_t(1));
        session_->removeInput(session_->inputs().items()[0].id);
        QCOMPARE(session_->currentInput(), session_->inputs().items()[0].id);
        waitUntilIdle();
        QVERIFY(session_->rows()[0].result);
        session_->removeInput(session_->inputs().items()[0].id);
        QVERIFY(!session_->currentInput());
        waitUntilIdle();
    }
    void cancelAndRunAgain() {
        control_->running.close();
        session_->open(files_->make({"a.pth", "x.png"}));
        QTRY_COMPARE_WITH_TIMEOUT(control_->analyses.load(), 1, patience_ms);
        session_->cancel();
        waitUntilIdle();
        QVERIFY(session_->rows()[0].message.contains("F5"));
        control_->running.open();
        session_->runAgain();
        waitUntilIdle();
        QVERIFY(session_->rows()[0].result);
    }
    void optionsLoadAgain() {
        session_->open(files_->make({"a.pth", "x.png"}));
        waitUntilIdle();
        const ModelItem before = session_->models().items()[0];
        QVERIFY(describe(before).join(' ').contains("guessed"));
        ModelSpec spec = before.spec;
        spec.heads = 4;
        session_->reloadModel(before.id, spec);
        waitUntilIdle();
        const ModelItem& after = session_->models().items()[0];
        QCOMPARE(after.chip, before.chip);
        QCOMPARE(after.loaded.summary->heads, 4);
        QVERIFY(!describe(after).join(' ').contains("guessed"));
        QCOMPARE(session_->headCount(), 4);
        QVERIFY(session_->rows()[0].result);
        QTRY_COMPARE_WITH_TIMEOUT(control_->alive.load(), 1, patience_ms);
    }
    void headsThatAreGoneAreNotShown() {
        const QStringList paths = files_->make({"a.pth", "b.pth", "x.png"});
        session_->open({paths[0] + ",heads=4", paths[1] + ",heads=32", paths[2]});
        waitUntilIdle();
        ViewState view = session_->view();
        view.head = HeadIndex{19};
        session_->setView(view);
        // Loading again keeps the choice, whichever model is there first.
        session_->setDevice({.device = "cpu", .precision = Precision::BFloat16});
        waitUntilIdle();
        QCOMPARE(session_->view().head, std::optional(HeadIndex{19}));
        QSignalSpy changed(session_.get(), &Session::viewChanged);
        session_->removeModel(session_->models().items()[1].id);
        QCOMPARE(session_->view().head, std::optional(HeadIndex{3}));
        QCOMPARE(changed.count(), 1);
        session_->removeModel(session_->models().items()[0].id);
        QCOMPARE(session_->view().head, std::optional(HeadIndex{3}));
    }
    void prediction() {
        session_->open(files_->make({"a.pth", "x.png"}));
        waitUntilIdle();
        QVERIFY(session_->models().items()[0].prediction.contains("class 1"));
    }
    void unknownFilesAreNoticed() {
        QSignalSpy noticed(session_.get(), &Session::noticed);
        session_->open(files_->make({"a.odt", "b.doc"}));
        QCOMPARE(noticed.count(), 1);
        QVERIFY(noticed[0][0].toString().contains("a.odt"));
        QVERIFY(noticed[0][1].toBool());
    }
    void dataIsWritten() {
        QSignalSpy written(session_.get(), &Session::written);
        session_->open(files_->make({"a.pth", "b.pth", "bad.pth", "x.png"}));
        waitUntilIdle();
        session_->exportData("/somewhere");
        QTRY_COMPARE_WITH_TIMEOUT(written.count(), 1, patience_ms);
        QCOMPARE(
            written[0][0].toStringList(),
            QStringList({"/somewhere/x.a.npz", "/somewhere/x.b.npz"}));
    }

private:
    void waitUntilIdle() { QTRY_VERIFY_WITH_TIMEOUT(session_->isIdle(), patience_ms); }

    std::shared_ptr<FakeControl> control_;
    std::unique_ptr<Files> files_;
    std::unique_ptr<Session> session_;
    std::unique_ptr<QAbstractItemModelTester> models_tester_;
    std::unique_ptr<QAbstractItemModelTester> inputs_tester_;
};

QTEST_GUILESS_MAIN(SessionTest)
#include "session_test.moc"
