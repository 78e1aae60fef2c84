// Training: it learns, it is the same every time, it goes on where it was stopped, the frozen block
// stays as it is, and nothing good is lost when something goes wrong.

#include <algorithm>
#include <cmath>
#include <csignal>
#include <fstream>
#include <iterator>

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <sys/resource.h>

#include "core/analysis/model.h"
#include "core/io/checkpoint.h"
#include "core/train/pictures.h"
#include "core/train/samples.h"
#include "core/train/trainer.h"
#include "tests/support/idx.h"
#include "tests/support/weights.h"

using namespace vitreous;
namespace fs = std::filesystem;

namespace {

std::string bytesOf(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string bytesOf(const TensorEntry& entry) {
    std::int64_t count = 1;
    for (const std::int64_t n : entry.shape) {
        count *= n;
    }
    return {
        reinterpret_cast<const char*>(entry.bytes.data()),
        std::size_t(count) * byteSize(entry.dtype)};
}

/// The rows without what a clock says.
std::vector<std::array<double, 6>> numbersOf(const std::vector<EpochReport>& rows) {
    std::vector<std::array<double, 6>> numbers;
    numbers.reserve(rows.size());
    for (const EpochReport& row : rows) {
        numbers.push_back(
            {double(row.steps), row.learning_rate, row.train_loss, row.train_accuracy,
             row.test_loss, row.test_accuracy});
    }
    return numbers;
}

/// What the work throws; code 0 where it throws nothing.
std::pair<int, std::string> failureOf(const std::function<void()>& work) {
    try {
        work();
    } catch (const Error& error) {
        return {int(error.code()), error.what()};
    }
    return {0, ""};
}

} // namespace

class TrainerTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> folder_;

    [[nodiscard]] fs::path path(const std::string& name) const {
        return fs::path(folder_->path().toStdString()) / name;
    }

    /// A tiny ViT on the two-toned pictures.
    [[nodiscard]] TrainingRequest request(const std::string& output) const {
        TrainingRequest request;
        request.recipe.width = 32;
        request.recipe.depth = 2;
        request.recipe.heads = 2;
        request.recipe.patch = 4;
        request.recipe.size = 16;
        request.recipe.epochs = 3;
        request.recipe.batch = 20;
        request.recipe.learning_rate = 1e-3;
        request.recipe.crop = true;
        request.recipe.colour = 0.2;
        request.data = path("data");
        request.output = path(output);
        request.device = "cpu";
        return request;
    }
    /// The same, long enough to learn what there is to learn.
    [[nodiscard]] TrainingRequest learning(const std::string& output) const {
        TrainingRequest longer = request(output);
        longer.recipe.epochs = 6;
        longer.recipe.learning_rate = 3e-3;
        longer.recipe.label_smoothing = 0.0;
        return longer;
    }
    [[nodiscard]] TrainingRequest withBlock(const std::string& output, BlockKind kind) const {
        TrainingRequest with = request(output);
        with.recipe.epochs = 1;
        with.recipe.block = kind;
        with.recipe.llm = path("lm.safetensors");
        return with;
    }

    /// A language model of three layers, 64 wide, Meta names, fp32.
    void writeLanguageModel() const {
        testing::Weights weights;
        for (int layer = 0; layer < 3; ++layer) {
            testing::addLlmLayer(weights, layer, 64, 96);
        }
        testing::Weights renamed;
        for (const auto& [name, array] : weights) {
            renamed[name.substr(std::string("llama.").size())] = array;
        }
        testing::writeSafetensors(path("lm.safetensors").string(), renamed);
    }

private Q_SLOTS:
    void init() {
        folder_ = std::make_unique<QTemporaryDir>();
        fs::create_directories(path("data"));
        testing::writeTwoTones(path("data"), 120, 40);
        writeLanguageModel();
        setThreadCount(2);
    }

    void learnsAndItsFileDoesWhatItSays() {
        const std::vector<EpochReport> rows = train(learning("run"), {}, {});
        QCOMPARE(rows.size(), std::size_t(6));
        QVERIFY(rows.back().train_loss < rows.front().train_loss);
        QVERIFY2(
            rows.back().test_accuracy > 0.95,
            qPrintable(QString::number(rows.back().test_accuracy)));
        QCOMPARE(rows.back().steps, std::int64_t(36));

        for (const char* file : {"run/model.safetensors", "run/model.pth"}) {
            ModelSpec spec;
            spec.path = path(file);
            const auto model = loadModel(spec, {.device = "cpu"}, {});
            QVERIFY(model->summary().guessed.empty());
            QCOMPARE(model->summary().class_names, (std::vector<std::string>{"0", "1"}));
            const auto pictures = openPictures(path("data"), Split::Test, 16, {});
            int correct = 0;
            for (std::size_t i = 0; i < pictures->size(); ++i) {
                const PreparedImage prepared =
                    preprocess(pictures->picture(i), model->summary().preprocess);
                const Array logits = model->forward({prepared}, {});
                const int chosen = logits.values[1] > logits.values[0] ? 1 : 0;
                correct += chosen == pictures->label(i) ? 1 : 0;
            }
            QCOMPARE(correct / 40.0, rows.back().test_accuracy);
        }
        const std::string log = bytesOf(path("run/log.csv"));
        QCOMPARE(std::count(log.begin(), log.end(), '\n'), std::ptrdiff_t(7));
        QVERIFY(log.starts_with("epoch,steps,learning_rate,train_loss"));
    }

    void theSameSeedGivesTheSameCurve() {
        const auto first = numbersOf(train(request("first"), {}, {}));
        const auto second = numbersOf(train(request("second"), {}, {}));
        QCOMPARE(second, first);
        QCOMPARE(
            bytesOf(path("second/model.safetensors")), bytesOf(path("first/model.safetensors")));
        TrainingRequest other = request("third");
        other.recipe.seed = 2;
        QVERIFY(numbersOf(train(other, {}, {})) != first);
    }

    void mixedPrecisionIsCloseAndRepeatable() {
        TrainingRequest mixed = request("mixed");
        mixed.mixed = true;
        const auto rows = train(mixed, {}, {});
        mixed.output = path("again");
        QCOMPARE(numbersOf(train(mixed, {}, {})), numbersOf(rows));
        const auto full = train(request("full"), {}, {});
        QVERIFY(numbersOf(full) != numbersOf(rows));
        QVERIFY(std::abs(full.front().train_loss - rows.front().train_loss) < 0.05);
    }

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

    void goesOnToTheSameNumbersWhereItWasStopped_data() {
        QTest::addColumn<int>("reports");
        QTest::newRow("in the first epoch") << 3;
        QTest::newRow("in a later epoch") << 11;
        QTest::newRow("before the test") << 14;
    }
    void goesOnToTheSameNumbersWhereItWasStopped() {
        QFETCH(int, reports);
        TrainingRequest mixing = request("whole");
        mixing.recipe.mixup = 0.4;
        mixing.recipe.flip = true;
        const auto whole = numbersOf(train(mixing, {}, {}));

        mixing.output = path("parts");
        std::stop_source stop;
        int seen = 0;
        const auto [code, message] = failureOf([&] {
            train(mixing, {}, {.stop = stop.get_token(), .progress = [&](const Progress&) {
                                   if (++seen == reports) {
                                       stop.request_stop();
                                   }
                               }});
        });
        QCOMPARE(code, int(ErrorCode::Interrupted));
        QVERIFY2(message.find("--resume") != std::string::npos, message.c_str());
        mixing.resume = true;
        QCOMPARE(numbersOf(train(mixing, {}, {})), whole);
        QCOMPARE(
            bytesOf(path("parts/model.safetensors")), bytesOf(path("whole/model.safetensors")));
        // Once more: there is nothing left to do, and nothing changes.
        QCOMPARE(numbersOf(train(mixing, {}, {})), whole);
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
            {.on_remark = {},
             .on_epoch =
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
            {.on_remark = [&](const std::string& text) { remarks << QString::fromStdString(text); },
             .on_epoch = {}},
            {});
        QVERIFY2(
            remarks.filter("llama_dim_mapper1.weight").size() == 1, qPrintable(remarks.join('\n')));

        TrainingRequest wider = request("wider");
        wider.recipe.init = next.recipe.init;
        wider.recipe.width = 64;
        const auto [code, message] = failureOf([&] { train(wider, {}, {}); });
        QCOMPARE(code, int(ErrorCode::Model));
        QVERIFY2(
            message.find("expected (1, 1, 64), found (1, 1, 32)") != std::string::npos,
            message.c_str());
        QVERIFY(!fs::exists(path("wider/model.safetensors")));
    }

    void aLossThatIsNoNumberStopsTheRun() {
        TrainingRequest wild = request("wild");
        wild.recipe.learning_rate = 1e30;
        wild.recipe.warmup_epochs = 0;
        const auto [code, message] = failureOf([&] { train(wild, {}, {}); });
        QCOMPARE(code, int(ErrorCode::Model));
        QVERIFY2(message.find("epoch 1, step 2") != std::string::npos, message.c_str());
        QVERIFY(!fs::exists(path("wild/model.safetensors")));

        // In a later epoch, the files of the one before stay.
        TrainingRequest later = request("later");
        std::stop_source stop;
        const auto first = failureOf([&] {
            train(
                later,
                {.on_remark = {}, .on_epoch = [&](const EpochReport&) { stop.request_stop(); }},
                {.stop = stop.get_token(), .progress = {}});
        });
        QCOMPARE(first.first, int(ErrorCode::Interrupted));
        const std::string good = bytesOf(path("later/model.safetensors"));
        std::string state = bytesOf(path("later/state.safetensors"));
        // The end of the file is a parameter's or a moment's number: the first tensor's is the
        // token, whose poison reaches the loss.
        std::uint64_t header = 0;
        std::copy_n(state.data(), sizeof header, reinterpret_cast<char*>(&header));
        const float poison = std::nanf("");
        std::copy_n(
            reinterpret_cast<const char*>(&poison), sizeof poison,
            state.begin() + std::ptrdiff_t(sizeof header + header));
        std::ofstream(path("later/state.safetensors"), std::ios::binary) << state;
        later.resume = true;
        const auto [later_code, later_message] = failureOf([&] { train(later, {}, {}); });
        QCOMPARE(later_code, int(ErrorCode::Model));
        QVERIFY2(
            later_message.find("the checkpoint of epoch 1 stays") != std::string::npos,
            later_message.c_str());
        QCOMPARE(bytesOf(path("later/model.safetensors")), good);
    }

    void weightsThatAreNoNumbersAreNotSaved() {
        // One step an epoch: its loss is finite, what it leaves is not.
        TrainingRequest wild = request("wild");
        wild.recipe.batch = 120;
        wild.recipe.learning_rate = 1e30;
        wild.recipe.warmup_epochs = 0;
        const auto [code, message] = failureOf([&] { train(wild, {}, {}); });
        QCOMPARE(code, int(ErrorCode::Model));
        QVERIFY2(
            message.find("no number any more in epoch 1") != std::string::npos, message.c_str());
        QVERIFY(!fs::exists(path("wild/model.safetensors")));
        QVERIFY(!fs::exists(path("wild/state.safetensors")));
        TrainingRequest nan = request("nan");
        nan.recipe.mixup = std::nan("");
        QCOMPARE(failureOf([&] { train(nan, {}, {}); }).first, int(ErrorCode::Usage));
    }

    void anotherBlockOrOtherPicturesAreNotResumed() {
        TrainingRequest run = withBlock("run", BlockKind::Frozen);
        train(run, {}, {});
        run.resume = true;
        train(run, {}, {}); // nothing to do, nothing refused
        testing::Weights weights;
        for (int layer = 0; layer < 3; ++layer) {
            testing::addLlmLayer(weights, layer + 3, 64, 96);
        }
        testing::Weights renamed;
        for (const auto& [name, array] : weights) {
            std::string shifted = name.substr(std::string("llama.").size());
            shifted[7] = char(shifted[7] - 3);
            renamed[shifted] = array;
        }
        fs::create_directories(path("other"));
        testing::writeSafetensors(path("other/lm.safetensors").string(), renamed);
        TrainingRequest other = run;
        other.recipe.llm = path("other/lm.safetensors");
        const auto [code, message] = failureOf([&] { train(other, {}, {}); });
        QCOMPARE(code, int(ErrorCode::Usage));
        QVERIFY2(message.find("block_values") != std::string::npos, message.c_str());

        const fs::path images = path("data/train-images-idx3-ubyte");
        std::string bytes = bytesOf(images);
        std::transform(
            bytes.begin() + 16, bytes.end(), bytes.begin() + 16, [](char c) { return char(~c); });
        std::ofstream(images, std::ios::binary) << bytes;
        QCOMPARE(failureOf([&] { train(run, {}, {}); }).first, int(ErrorCode::Usage));
    }

    void anotherModelIsNotOverwritten() {
        fs::create_directories(path("lm"));
        fs::copy(path("lm.safetensors"), path("lm/model.safetensors"));
        const std::string before = bytesOf(path("lm/model.safetensors"));
        TrainingRequest careless = withBlock("lm", BlockKind::Frozen);
        careless.recipe.llm = path("lm/model.safetensors");
        QCOMPARE(failureOf([&] { train(careless, {}, {}); }).first, int(ErrorCode::Usage));
        QCOMPARE(bytesOf(path("lm/model.safetensors")), before);
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
            {.on_remark = [&](const std::string& text) { remarks << QString::fromStdString(text); },
             .on_epoch = {}},
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
        testing::Weights scaled = testing::smallVit();
        for (int i = 0; i < 2; ++i) {
            const std::string block = "blocks." + std::to_string(i);
            scaled[block + ".ls1.gamma"] = testing::tensor(block + "1", {64});
            scaled[block + ".ls2.gamma"] = testing::tensor(block + "2", {64});
        }
        testing::writeSafetensors(path("scaled.safetensors").string(), scaled);
        TrainingRequest start = request("start");
        start.recipe.init = path("scaled.safetensors");
        start.recipe.width = 64;
        start.recipe.patch = 8;
        start.recipe.size = 32;
        const auto [code, message] = failureOf([&] { train(start, {}, {}); });
        QCOMPARE(code, int(ErrorCode::Model));
        QVERIFY2(message.find("LayerScale") != std::string::npos, message.c_str());
    }

    void aFullDiskLosesNothing() {
        TrainingRequest full = request("full");
        rlimit before{};
        getrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, SIG_IGN);
        std::string good_model;
        std::string good_state;
        const auto [code, message] = failureOf([&] {
            train(
                full,
                {.on_remark = {},
                 .on_epoch =
                     [&](const EpochReport&) {
                         good_model = bytesOf(path("full/model.safetensors"));
                         good_state = bytesOf(path("full/state.safetensors"));
                         const rlimit small{1000, before.rlim_max};
                         setrlimit(RLIMIT_FSIZE, &small);
                     }},
                {});
        });
        setrlimit(RLIMIT_FSIZE, &before);
        QCOMPARE(code, int(ErrorCode::Resource));
        QVERIFY2(message.find("model.safetensors") != std::string::npos, message.c_str());
        QCOMPARE(bytesOf(path("full/model.safetensors")), good_model);
        QCOMPARE(bytesOf(path("full/state.safetensors")), good_state);
        QCOMPARE(
            QDir(QString::fromStdString(path("full").string()))
                .entryList(QDir::Files | QDir::Hidden)
                .size(),
            4);
        full.resume = true;
        QCOMPARE(numbersOf(train(full, {}, {})), numbersOf(train(request("undisturbed"), {}, {})));
    }

    void aRunIsNotMixedUpWithAnother() {
        train(request("run"), {}, {});
        const std::string before = bytesOf(path("run/state.safetensors"));
        const auto again = failureOf([&] { train(request("run"), {}, {}); });
        QCOMPARE(again.first, int(ErrorCode::Usage));
        QVERIFY2(again.second.find("--resume") != std::string::npos, again.second.c_str());

        TrainingRequest other = request("run");
        other.resume = true;
        other.recipe.learning_rate = 2e-3;
        const auto different = failureOf([&] { train(other, {}, {}); });
        QCOMPARE(different.first, int(ErrorCode::Usage));
        QVERIFY2(
            different.second.find("learning_rate 0.001, found 0.002") != std::string::npos,
            different.second.c_str());

        TrainingRequest nothing = request("nowhere");
        nothing.resume = true;
        QCOMPARE(failureOf([&] { train(nothing, {}, {}); }).first, int(ErrorCode::Usage));

        // Other data of the same classes.
        fs::create_directories(path("more"));
        testing::writeTwoTones(path("more"), 200, 40);
        TrainingRequest elsewhere = request("run");
        elsewhere.resume = true;
        elsewhere.data = path("more");
        const auto moved = failureOf([&] { train(elsewhere, {}, {}); });
        QCOMPARE(moved.first, int(ErrorCode::Usage));
        QVERIFY2(moved.second.find("has data") != std::string::npos, moved.second.c_str());

        // A number of steps that cannot be.
        std::string negative = before;
        const std::size_t at = negative.rfind(R"(\"steps\":18)");
        QVERIFY(at != std::string::npos);
        negative.replace(at, 12, R"(\"steps\":-8)");
        std::ofstream(path("run/state.safetensors"), std::ios::binary) << negative;
        TrainingRequest damaged_number = request("run");
        damaged_number.resume = true;
        QCOMPARE(failureOf([&] { train(damaged_number, {}, {}); }).first, int(ErrorCode::Model));

        std::ofstream(path("run/state.safetensors"), std::ios::binary) << before.substr(0, 5000);
        TrainingRequest damaged = request("run");
        damaged.resume = true;
        const auto truncated = failureOf([&] { train(damaged, {}, {}); });
        QCOMPARE(truncated.first, int(ErrorCode::Model));
    }

    void dataThatCannotBeUsedIsRefused() {
        TrainingRequest lonely = request("lonely");
        lonely.data = path("one");
        fs::create_directories(path("one"));
        std::ofstream(path("one/train-images-idx3-ubyte"), std::ios::binary)
            << testing::idxImagesHead(4, 16, 16) + std::string(4 * 256, '\x40');
        std::ofstream(path("one/train-labels-idx1-ubyte"), std::ios::binary)
            << testing::idxLabels(std::string(4, '\0'));
        fs::copy(path("one/train-images-idx3-ubyte"), path("one/t10k-images-idx3-ubyte"));
        fs::copy(path("one/train-labels-idx1-ubyte"), path("one/t10k-labels-idx1-ubyte"));
        const auto [code, message] = failureOf([&] { train(lonely, {}, {}); });
        QCOMPARE(code, int(ErrorCode::Input));
        QVERIFY2(message.find("two classes") != std::string::npos, message.c_str());
    }
};

QTEST_GUILESS_MAIN(TrainerTest)
#include "trainer_test.moc"
