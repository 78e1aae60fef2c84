// Training that starts from a checkpoint: what is taken, what is fresh, and that both are said.

#include <fstream>

#include <QTest>

#include "tests/train/training_fixture.h"

using namespace vitreous;
using namespace vitreous::testing;

class TrainerStartTest : public QObject, private TrainingFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { makeFolder(); }

    void startsFromACheckpoint() {
        train(learning("base"), {}, {});
        TrainingRequest next = request("next");
        next.recipe.init = path("base/model.safetensors");
        next.recipe.epochs = 1;
        next.recipe.learning_rate = 1e-4;
        QVERIFY(train(next, {}, {}).front().train_loss < 0.5);

        // A block is added, other classes get a head of their own: both are said.
        TrainingRequest added = withBlock("added", BlockKind::Frozen);
        added.recipe.init = next.recipe.init;
        QStringList remarks;
        train(
            added,
            {.on_remark =
                 [&](const std::string& text) { remarks << QString::fromStdString(text); }},
            {});
        QVERIFY2(
            remarks.filter("llama_dim_mapper1.weight").size() == 1, qPrintable(remarks.join('\n')));

        TrainingRequest wider = request("wider");
        wider.recipe.init = next.recipe.init;
        wider.recipe.width = 64;
        const auto [code, message] = failureOf([&] { train(wider, {}, {}); });
        QCOMPARE(code, ErrorCode::Model);
        QVERIFY2(
            message.find("expected (1, 1, 64), found (1, 1, 32)") != std::string::npos,
            message.c_str());
        QVERIFY(!fs::exists(path("wider/model.safetensors")));
    }

    void anotherSizeAndOtherClassesAreSaid() {
        train(request("base"), {}, {});
        TrainingRequest larger = request("larger");
        larger.recipe.init = path("base/model.safetensors");
        larger.recipe.size = 32;
        larger.recipe.epochs = 1;
        // The same pictures in three classes.
        for (const char* file : {"data/train-labels-idx1-ubyte", "data/t10k-labels-idx1-ubyte"}) {
            std::string labels = bytesOf(path(file));
            labels.back() = 2;
            std::ofstream(path(file), std::ios::binary) << labels;
        }
        QStringList remarks;
        train(
            larger,
            {.on_remark =
                 [&](const std::string& text) { remarks << QString::fromStdString(text); }},
            {});
        const QString all = remarks.join(u'\n');
        QVERIFY2(all.contains("positions are resized from 4 x 4 to 8 x 8"), qPrintable(all));
        QVERIFY2(all.contains("head.weight"), qPrintable(all));
        ModelSpec spec;
        spec.path = path("larger/model.safetensors");
        QCOMPARE(inspectModel(spec).rows, std::int64_t(8));
        QCOMPARE(inspectModel(spec).classes, 3);
    }

    void aCheckpointOfAnotherKindIsNoStart() {
        Weights scaled = smallVit();
        for (int i = 0; i < 2; ++i) {
            const std::string block = "blocks." + std::to_string(i);
            scaled[block + ".ls1.gamma"] = tensor(block + "1", {64});
            scaled[block + ".ls2.gamma"] = tensor(block + "2", {64});
        }
        writeSafetensors(path("scaled.safetensors").string(), scaled);
        TrainingRequest start = request("start");
        start.recipe.init = path("scaled.safetensors");
        start.recipe.width = 64;
        start.recipe.patch = 8;
        start.recipe.size = 32;
        const auto [code, message] = failureOf([&] { train(start, {}, {}); });
        QCOMPARE(code, ErrorCode::Model);
        QVERIFY2(message.find("LayerScale") != std::string::npos, message.c_str());
    }
};

QTEST_GUILESS_MAIN(TrainerStartTest)
#include "trainer_start_test.moc"
