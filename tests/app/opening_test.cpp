// What files that are opened do to what is open already.

#include <QSignalSpy>
#include <QTest>

#include "tests/app/bench.h"

using namespace vitreous;
using namespace vitreous::testing;

class OpeningTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { bench_ = std::make_unique<Bench>(); }
    void cleanup() {
        bench_->control->reading.open();
        bench_.reset();
    }

    void aBigFolderComesAtOnce() {
        bench_->control->reading.close();
        QStringList names;
        for (int i = 0; i < 5000; ++i) {
            names << QStringLiteral("all/%1.png").arg(i, 4, 10, QChar(u'0'));
        }
        bench_->files.make(names);
        const QSignalSpy inserted(&bench_->session.inputs(), &QAbstractItemModel::rowsInserted);
        bench_->session.open({bench_->files.path("all")});
        QCOMPARE(bench_->session.inputs().rowCount(), 5000);
        QCOMPARE(inserted.count(), 1);
        QCOMPARE(bench_->shown(), QString("0000.png"));
        for (const InputId id : bench_->inputIds()) {
            const int row = bench_->session.inputs().rowOf(id);
            QCOMPARE(bench_->session.inputs().items()[std::size_t(row)].id, id);
        }
        bench_->session.open({bench_->files.path("all")});
        QCOMPARE(bench_->session.inputs().rowCount(), 5000);
        bench_->session.cancel();
    }
    void oneFileByAnyPath() {
        bench_->open({"all/x.png"});
        QVERIFY(QFile::link(bench_->files.path("all/x.png"), bench_->files.path("link.png")));
        bench_->session.open(
            {bench_->files.path("link.png"), bench_->files.path("all/../all/x.png")});
        QCOMPARE(bench_->session.inputs().rowCount(), 1);
        // Another file in the place of one that was closed is a new one.
        bench_->session.removeInput(bench_->inputIds().front());
        bench_->session.open({bench_->files.path("link.png"), bench_->files.path("link.png")});
        QCOMPARE(bench_->session.inputs().rowCount(), 1);
        QVERIFY(bench_->becomesIdle());
    }

    void aBrokenPictureDoesNotMoveTheView() {
        bench_->open({"a.pth", "0.png", "1.png", "2.png"});
        bench_->session.setCurrentInput(bench_->inputIds()[1]);
        QVERIFY(bench_->becomesIdle());
        bench_->open({"broken.png"});
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->shown(), QString("1.png"));
        QVERIFY(bench_->session.rows()[0].result);
        QVERIFY(bench_->session.inputs().items()[3].failure.has_value());
        QCOMPARE(bench_->session.failures().size(), std::size_t(1));
    }
    void theNextOfTheDropIsShown() {
        bench_->open({"a.pth", "0.png", "1.png"});
        bench_->session.setCurrentInput(bench_->inputIds()[1]);
        QVERIFY(bench_->becomesIdle());
        bench_->open({"broken1.png", "broken2.png", "good.png", "other.png"});
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->shown(), QString("good.png"));
        QVERIFY(bench_->session.rows()[0].result);
    }
    void dropsInARow() {
        bench_->control->reading.close();
        bench_->open({"0.png"});
        bench_->open({"broken1.png", "1.png"});
        bench_->open({"broken2.png"});
        bench_->control->reading.open();
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->shown(), QString("1.png"));
    }
    void nothingButBrokenOnes() {
        bench_->open({"a.pth", "broken1.png", "broken2.png"});
        QVERIFY(bench_->becomesIdle());
        QVERIFY(bench_->shown().startsWith("broken"));
        bench_->open({"good.png"});
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->shown(), QString("good.png"));
        QVERIFY(bench_->session.rows()[0].result);
    }

    void ownModelsReplaceTheDemo() {
        openDemo();
        bench_->open({"own.pth"});
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->session.models().rowCount(), 1);
        QCOMPARE(bench_->session.models().items()[0].spec.label, std::string("own"));
        QVERIFY(!bench_->session.hasDemoModels());
        QCOMPARE(bench_->shown(), QString("scene.png"));
        QTRY_COMPARE_WITH_TIMEOUT(bench_->control->alive.load(), 1, Bench::patience_ms);
        bench_->open({"x.png", "y.png"});
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->session.inputs().rowCount(), 2);
        QCOMPARE(bench_->shown(), QString("x.png"));
        QVERIFY(bench_->session.rows()[0].result);
        bench_->open({"other.pth", "z.png"});
        QCOMPARE(bench_->session.models().rowCount(), 2);
        QCOMPARE(bench_->session.inputs().rowCount(), 3);
    }
    void theDemoSaysWhatIsInItsScenes() {
        openDemo();
        QCOMPARE(bench_->shown(), QString("scene.png"));
        const auto& items = bench_->session.inputs().items();
        QCOMPARE(items.size(), std::size_t(2));
        QVERIFY2(describe(items[0]).startsWith("Shirt · "), qPrintable(describe(items[0])));
        QVERIFY2(items[1].isRead() && describe(items[1]).at(0).isDigit(), "no caption, no dot");
    }
    void anOwnPictureReplacesTheScene() {
        openDemo();
        bench_->open({"x.png"});
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->session.inputs().rowCount(), 1);
        QCOMPARE(bench_->session.models().rowCount(), 2);
        QVERIFY(bench_->session.hasDemoModels());
    }
    void theSceneOpenedByItselfStays() {
        openDemo();
        bench_->session.open({bench_->files.path("scene.png")});
        bench_->open({"x.png"});
        QCOMPARE(bench_->session.inputs().rowCount(), 2);
    }
    void aDemoThatIsWorkedWithStays() {
        openDemo();
        openDemo();
        const ModelItem item = bench_->session.models().items()[0];
        ModelSpec spec = item.spec;
        spec.heads = 4;
        bench_->session.reloadModel(item.id, spec);
        bench_->open({"own.pth", "x.png"});
        QCOMPARE(bench_->session.models().rowCount(), 3);
        QCOMPARE(bench_->session.inputs().rowCount(), 3);
        QVERIFY(bench_->session.hasDemoModels());
    }
    void aDemoBesideOwnFilesStays() {
        bench_->open({"own.pth"});
        openDemo();
        bench_->open({"other.pth", "x.png"});
        QCOMPARE(bench_->session.models().rowCount(), 4);
        QCOMPARE(bench_->session.inputs().rowCount(), 3);
    }

    void cancelReachesWhatIsRead() {
        bench_->control->reading.close();
        QSignalSpy progressed(&bench_->session, &Session::progressChanged);
        bench_->open({"0.png", "1.png", "2.png", "3.png"});
        QVERIFY(!progressed.isEmpty() && !progressed.last()[0].toString().isEmpty());
        QTRY_COMPARE_WITH_TIMEOUT(bench_->control->reads.load(), 1, Bench::patience_ms);
        bench_->session.cancel();
        QCOMPARE(describe(bench_->session.inputs().items()[3]), QString("Not read"));
        bench_->control->reading.open();
        QVERIFY(bench_->becomesIdle());
        QVERIFY(progressed.last()[0].toString().isEmpty());
        QCOMPARE(bench_->control->reads.load(), 1);
        QVERIFY(bench_->session.failures().empty());
        // What is looked at is read after all, and F5 reads the rest.
        bench_->session.setCurrentInput(bench_->inputIds()[2]);
        QVERIFY(bench_->becomesIdle());
        QVERIFY(bench_->session.inputs().items()[2].isRead());
        QVERIFY(!bench_->session.inputs().items()[3].isRead());
        bench_->session.runAgain();
        QVERIFY(bench_->becomesIdle());
        for (const InputItem& item : bench_->session.inputs().items()) {
            QVERIFY(item.isRead() && !item.thumbnail.isNull());
        }
    }
    void removedInputsAreNotDecoded() {
        bench_->control->reading.close();
        bench_->open({"0.png", "1.png", "2.png"});
        QTRY_COMPARE_WITH_TIMEOUT(bench_->control->reads.load(), 1, Bench::patience_ms);
        bench_->session.removeInput(bench_->inputIds()[2]);
        bench_->session.removeInput(bench_->inputIds()[1]);
        bench_->control->reading.open();
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->control->reads.load(), 1);
    }

    void failuresGoWithTheirItems() {
        bench_->open({"picky.pth", "x.png", "y.png"});
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->session.failures().size(), std::size_t(1));
        bench_->session.removeInput(bench_->inputIds()[0]);
        QVERIFY(bench_->becomesIdle());
        QCOMPARE(bench_->session.failures().size(), std::size_t(1));
        bench_->session.removeModel(bench_->session.models().items()[0].id);
        QVERIFY(bench_->session.failures().empty());
    }
    void failuresOnTheirWayOfRemovedItems() {
        bench_->control->running.close();
        bench_->open({"a.pth", "b.pth", "x.png"});
        QTRY_COMPARE_WITH_TIMEOUT(bench_->control->analyses.load(), 1, Bench::patience_ms);
        // Both have their answers on the way when the model goes.
        bench_->session.cancel();
        bench_->session.removeModel(bench_->session.models().items()[0].id);
        QVERIFY(bench_->becomesIdle());
        bench_->session.removeModel(bench_->session.models().items()[0].id);
        QVERIFY(bench_->becomesIdle());
        QVERIFY(bench_->session.failures().empty());
    }

private:
    void openDemo() {
        bench_->files.make({"scene.png", "second.png"});
        std::vector<ModelSpec> models(2);
        models[0].path = "demo/vit.safetensors";
        models[1].path = "demo/vit_llama.safetensors";
        models[0].label = "ViT";
        models[1].label = "ViT-LLaMA";
        bench_->session.openDemo(
            models, {{bench_->files.path("scene.png").toStdString(), "Shirt"},
                     {bench_->files.path("second.png").toStdString(), {}}});
        QVERIFY(bench_->becomesIdle());
        QVERIFY(bench_->session.hasDemoModels());
        QVERIFY(!bench_->shown().isEmpty());
    }

    std::unique_ptr<Bench> bench_;
};

QTEST_GUILESS_MAIN(OpeningTest)
#include "opening_test.moc"
