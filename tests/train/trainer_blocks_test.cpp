// Training around an LLM block: the frozen one stays as it is, the ablations train what they say.

#include <cmath>

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include "core/train/pictures.h"
#include "tests/train/training_fixture.h"

using namespace vitreous;
using namespace vitreous::testing;

class TrainerBlocksTest : public QObject, private TrainingFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { makeFolder(); }

    void mixedPrecisionGoesThroughABlock_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("position");
        QTest::newRow("frozen, tail") << int(BlockKind::Frozen) << int(BlockPosition::Tail);
        QTest::newRow("frozen, head") << int(BlockKind::Frozen) << int(BlockPosition::Head);
        QTest::newRow("mlp, middle") << int(BlockKind::Mlp) << int(BlockPosition::Middle);
        QTest::newRow("identity, tail") << int(BlockKind::Identity) << int(BlockPosition::Tail);
    }

    void mixedPrecisionGoesThroughABlock() {
        QFETCH(int, kind);
        QFETCH(int, position);
        TrainingRequest mixed = withBlock("mixed", BlockKind(kind));
        mixed.recipe.position = BlockPosition(position);
        mixed.mixed = true;
        TrainingRequest full = mixed;
        full.output = path("full");
        full.mixed = false;
        const double difference =
            train(mixed, {}, {}).front().train_loss - train(full, {}, {}).front().train_loss;
        QVERIFY2(std::abs(difference) < 0.05, qPrintable(QString::number(difference)));
    }

    void theFrozenBlockStaysAsItIs() {
        TrainingRequest frozen = withBlock("frozen", BlockKind::Frozen);
        frozen.recipe.llm_layer = 1;
        frozen.save_type = DType::Float16;
        train(frozen, {}, {});
        const Checkpoint source = openCheckpoint(path("lm.safetensors"));
        for (const char* file : {"frozen/model.safetensors", "frozen/model.pth"}) {
            const Checkpoint trained = openCheckpoint(path(file));
            int compared = 0;
            for (const TensorEntry& entry : trained.tensors) {
                if (!entry.name.starts_with("llama.layers.0.")) {
                    QCOMPARE(entry.dtype, DType::Float16);
                    continue;
                }
                const TensorEntry* origin = source.find(
                    "layers.1." + entry.name.substr(std::string("llama.layers.0.").size()));
                QVERIFY2(origin != nullptr, entry.name.c_str());
                QCOMPARE(entry.dtype, origin->dtype);
                QVERIFY2(bytesOf(entry) == bytesOf(*origin), entry.name.c_str());
                ++compared;
            }
            QCOMPARE(compared, 9);
        }
    }

    void pythonReadsWhatWasTrained() {
        const char* script =
            "import json, sys\n"
            "try:\n    import torch\nexcept ImportError:\n    sys.exit(77)\n"
            "model = torch.load(sys.argv[1], weights_only=True)['model']\n"
            "print(json.dumps({name: [list(t.shape), "
            "bytes(t.reshape(-1).view(torch.uint8).tolist()).hex()] for name, t in "
            "model.items()}))\n";
        train(withBlock("python", BlockKind::Frozen), {}, {});
        QProcess python;
        python.start(
            "/usr/bin/python3",
            {"-c", script, QString::fromStdString(path("python/model.pth").string())});
        QVERIFY(python.waitForFinished(120'000));
        if (python.exitCode() == 77) {
            QSKIP("Python without torch");
        }
        QVERIFY2(python.exitCode() == 0, python.readAllStandardError());
        const QJsonObject read = QJsonDocument::fromJson(python.readAllStandardOutput()).object();
        const Checkpoint trained = openCheckpoint(path("python/model.safetensors"));
        QCOMPARE(std::size_t(read.size()), trained.tensors.size());
        for (const TensorEntry& entry : trained.tensors) {
            QJsonArray shape;
            for (const std::int64_t side : entry.shape) {
                shape.append(qint64(side));
            }
            const std::string bytes = bytesOf(entry);
            const QByteArray hex = QByteArray(bytes.data(), qsizetype(bytes.size())).toHex();
            const QJsonArray found = read.value(QString::fromStdString(entry.name)).toArray();
            QVERIFY2(found == QJsonArray({shape, QString::fromLatin1(hex)}), entry.name.c_str());
        }
    }

    void aFrozenViewIsWrittenAsItsValues() {
        // A language model in bf16 whose matrices are transposed views of what is stored.
        const QString script =
            "import sys, torch\n"
            "torch.manual_seed(1)\n"
            "names = {'attention.w' + c: (64, 64) for c in 'qkvo'}\n"
            "names |= {'feed_forward.w1': (96, 64), 'feed_forward.w2': (64, 96)}\n"
            "names |= {'feed_forward.w3': (96, 64)}\n"
            "model = {'layers.0.' + n + '.weight': torch.randn(*s).bfloat16().t().contiguous().t() "
            "* 0.1 for n, s in names.items()}\n"
            "for n in ('attention_norm', 'ffn_norm'):\n"
            "    model['layers.0.' + n + '.weight'] = torch.ones(64).bfloat16()\n"
            "assert not model['layers.0.attention.wq.weight'].is_contiguous()\n"
            "torch.save(model, sys.argv[1])\n"
            "torch.save({k: v.contiguous() for k, v in model.items()}, sys.argv[2])\n";
        const QString python = QStringLiteral("/usr/bin/python3");
        if (QProcess::execute(python, {"-c", "import torch"}) != 0) {
            QSKIP("python3-torch is not installed");
        }
        QCOMPARE(
            QProcess::execute(
                python, {"-c", script, QString::fromStdString(path("lm.pth").string()),
                         QString::fromStdString(path("plain.pth").string())}),
            0);
        TrainingRequest views = withBlock("views", BlockKind::Frozen);
        views.recipe.llm = path("lm.pth");
        train(views, {}, {});
        TrainingRequest plain = withBlock("plain", BlockKind::Frozen);
        plain.recipe.llm = path("plain.pth");
        train(plain, {}, {});
        const Checkpoint from_views = openCheckpoint(path("views/model.safetensors"));
        const Checkpoint from_plain = openCheckpoint(path("plain/model.safetensors"));
        int compared = 0;
        for (const TensorEntry& entry : from_views.tensors) {
            if (entry.name.starts_with("llama.layers.")) {
                QCOMPARE(entry.dtype, DType::BFloat16);
                QVERIFY2(
                    bytesOf(entry) == bytesOf(*from_plain.find(entry.name)), entry.name.c_str());
                ++compared;
            }
        }
        QCOMPARE(compared, 9);
    }

    void ablationsTrainWhatTheySay_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("moves");
        QTest::newRow("unfrozen") << int(BlockKind::Unfrozen) << true;
        QTest::newRow("random") << int(BlockKind::Random) << false;
        QTest::newRow("mlp") << int(BlockKind::Mlp) << true;
        QTest::newRow("identity") << int(BlockKind::Identity) << false;
    }

    void ablationsTrainWhatTheySay() {
        QFETCH(int, kind);
        QFETCH(bool, moves);
        TrainingRequest longer = withBlock("longer", BlockKind(kind));
        longer.recipe.epochs = 2;
        longer.save_type = DType::Float32;
        std::vector<std::string> after_epoch;
        train(
            longer,
            {.on_epoch =
                 [&](const EpochReport&) {
                     std::string bytes;
                     for (const TensorEntry& entry :
                          openCheckpoint(path("longer/model.safetensors")).tensors) {
                         if (entry.name.starts_with("llama.layers.")) {
                             bytes += bytesOf(entry);
                         }
                     }
                     after_epoch.push_back(bytes);
                 }},
            {});
        QCOMPARE(after_epoch[0] != after_epoch[1], moves);
        ModelSpec spec;
        spec.path = path("longer/model.safetensors");
        const ModelSummary summary = inspectModel(spec);
        const auto source_block = [this] {
            std::size_t numbers = 0;
            for (const TensorEntry& entry : openCheckpoint(path("lm.safetensors")).tensors) {
                numbers += entry.name.starts_with("layers.0.") ? bytesOf(entry).size() / 4 : 0;
            }
            return double(numbers);
        }();
        const double block = double(after_epoch[0].size()) / 4.0;
        QCOMPARE(
            summary.llm_block, BlockKind(kind) == BlockKind::Mlp        ? std::string("mlp")
                               : BlockKind(kind) == BlockKind::Identity ? std::string("identity")
                                                                        : std::string("llama"));
        if (BlockKind(kind) == BlockKind::Identity) {
            QCOMPARE(block, 0.0);
            QCOMPARE(summary.taps[3].name, std::string("llama.norm"));
        } else if (BlockKind(kind) == BlockKind::Mlp) {
            QVERIFY2(
                std::abs(block / source_block - 1.0) < 0.01,
                qPrintable(QString::number(block / source_block)));
            QCOMPARE(summary.taps[3].label, std::string("MLP"));
        } else {
            QCOMPARE(block, source_block);
        }
    }

    void theBlockStandsWhereItIsPut_data() {
        QTest::addColumn<int>("position");
        QTest::addColumn<QStringList>("blocks");
        QTest::newRow("head") << int(BlockPosition::Head)
                              << QStringList{
                                     "llama.layers.0", "llama.layers.1", "blocks.0", "blocks.1"};
        QTest::newRow("middle") << int(BlockPosition::Middle)
                                << QStringList{
                                       "blocks.0", "llama.layers.0", "llama.layers.1", "blocks.1"};
        QTest::newRow("tail") << int(BlockPosition::Tail)
                              << QStringList{
                                     "blocks.0", "blocks.1", "llama.layers.0", "llama.layers.1"};
    }

    void theBlockStandsWhereItIsPut() {
        QFETCH(int, position);
        QFETCH(QStringList, blocks);
        TrainingRequest two = withBlock("two", BlockKind::Frozen);
        two.recipe.position = BlockPosition(position);
        two.recipe.llm_layers = 2;
        two.recipe.llm_layer = 1;
        const auto rows = train(two, {}, {});
        for (const char* file : {"two/model.safetensors", "two/model.pth"}) {
            ModelSpec spec;
            spec.path = path(file);
            const auto model = loadModel(spec, {.device = "cpu"}, {});
            QStringList found;
            for (const Tap& block : model->summary().blocks) {
                found << QString::fromStdString(block.name);
            }
            QCOMPARE(found, blocks);
            // Each tap has the width of what stands there: the observer counts along.
            const auto pictures = openPictures(path("data"), Split::Test, 16, {});
            const auto results = model->analyze(
                {preprocess(pictures->picture(0), model->summary().preprocess)}, {.features = true},
                {});
            for (const auto& [name, features] : results[0]->features) {
                const bool is_inside = name.starts_with("llama") && name != "llama_dim_mapper2";
                QCOMPARE(features.shape[1], std::int64_t(is_inside ? 64 : 32));
            }
            QCOMPARE(results[0]->cls_attention.size(), std::size_t(4));
        }
        QVERIFY(std::isfinite(rows.back().test_loss));
    }
};

QTEST_GUILESS_MAIN(TrainerBlocksTest)
#include "trainer_blocks_test.moc"
