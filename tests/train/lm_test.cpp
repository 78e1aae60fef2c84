// The training of a language model over bytes: what it learns, writes and refuses.

#include <cmath>
#include <fstream>

#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "core/io/checkpoint.h"
#include "core/train/language_model.h"
#include "core/train/lm_trainer.h"
#include "core/train/text.h"
#include "core/train/text_batch.h"
#include "tests/support/failure.h"

using namespace vitreous;
using testing::bytesOf;
using testing::Failure;
using testing::failureOf;

namespace {

/// What comes behind an 'a' depends on what stood before it: no pair of bytes tells.
std::string repetitiveText() {
    std::string text;
    for (int i = 0; i < 120; ++i) {
        text += "banana casa data; ";
    }
    return text;
}

} // namespace

class LmTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> folder_;

    std::filesystem::path path(const std::string& name) {
        return folder_->filePath(QString::fromStdString(name)).toStdString();
    }
    std::filesystem::path write(const std::string& name, const std::string& bytes) {
        std::ofstream(path(name), std::ios::binary) << bytes;
        return path(name);
    }
    LanguageModelRequest request(const std::string& output = "out") {
        LanguageModelRequest request;
        request.recipe = {
            .width = 32,
            .layers = 1,
            .heads = 2,
            .hidden = 48,
            .context = 24,
            .batch = 9,
            .steps = 60,
            .learning_rate = 1e-2,
            .weight_decay = 0.1,
            .warmup_steps = 3,
            .seed = 5};
        request.text = {write("text", repetitiveText())};
        request.output = path(output);
        request.device = "cpu";
        return request;
    }
    QStringList written(const std::string& output = "out") {
        return QDir(QString::fromStdString(path(output).string()))
            .entryList(QDir::Files | QDir::Hidden, QDir::Name);
    }

private Q_SLOTS:
    void init() { folder_ = std::make_unique<QTemporaryDir>(); }

    void refusesAShortText() {
        LanguageModelRequest small = request();
        const std::size_t shortest = shortestText(small.recipe.context);
        small.recipe.steps = 1;
        small.recipe.warmup_steps = 0;
        small.text = {write("short", repetitiveText().substr(0, shortest - 1))};
        const Failure failure = failureOf([&] { trainLanguageModel(small, {}); });
        QCOMPARE(failure.code, ErrorCode::Input);
        QVERIFY2(
            failure.message.find("at least " + std::to_string(shortest)) != std::string::npos,
            failure.message.c_str());
        QVERIFY(failure.message.ends_with(": " + path("short").string()));
        QVERIFY(!std::filesystem::exists(small.output));
        small.text = {write("enough", repetitiveText().substr(0, shortest))};
        QCOMPARE(trainLanguageModel(small, {}).steps, 1);
    }

    void refusesSenselessRecipes_data() {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("heads");
        QTest::addColumn<int>("warmup");
        QTest::addColumn<QString>("word");
        QTest::newRow("heads") << 32 << 3 << 0 << "do not divide";
        QTest::newRow("odd") << 30 << 2 << 0 << "odd";
        QTest::newRow("warm-up") << 32 << 2 << 61 << "61 steps of warm-up";
        QTest::newRow("nothing") << 0 << 2 << 0 << "above 0";
    }
    void refusesSenselessRecipes() {
        QFETCH(int, width);
        QFETCH(int, heads);
        QFETCH(int, warmup);
        QFETCH(QString, word);
        LanguageModelRequest senseless = request();
        senseless.recipe.width = width;
        senseless.recipe.heads = heads;
        senseless.recipe.warmup_steps = warmup;
        const Failure failure = failureOf([&] { trainLanguageModel(senseless, {}); });
        QCOMPARE(failure.code, ErrorCode::Usage);
        QVERIFY2(
            failure.message.find(word.toStdString()) != std::string::npos, failure.message.c_str());
    }

    void learnsMoreThanPairs() {
        for (const bool mixed : {false, true}) {
            LanguageModelRequest asked = request();
            asked.mixed = mixed;
            const LanguageModelReport report = trainLanguageModel(asked, {});
            QCOMPARE(report.steps, 60);
            QCOMPARE(report.losses.size(), std::size_t{60});
            QCOMPARE(report.held_out_bytes, repetitiveText().size() / 20);
            QVERIFY(std::abs(report.losses.front() - std::log(256.0)) < 0.1);
            QVERIFY(report.baselines.bigram < report.baselines.unigram);
            QVERIFY2(
                report.held_out < 0.9 * report.baselines.bigram,
                qPrintable(
                    QString("%1, bigram %2").arg(report.held_out).arg(report.baselines.bigram)));
        }
    }

    void sameSeedSameCurve() {
        LanguageModelRequest asked = request();
        // Wide enough that LibTorch shares the work on a tensor among threads.
        asked.recipe.width = 192;
        asked.recipe.hidden = 256;
        asked.recipe.steps = 6;
        const int threads = at::get_num_threads();
        at::set_num_threads(2);
        const LanguageModelReport one = trainLanguageModel(asked, {});
        const std::string model = bytesOf(asked.output / "model.safetensors");
        const LanguageModelReport again = trainLanguageModel(asked, {});
        at::set_num_threads(threads);
        QCOMPARE(again.losses, one.losses);
        QCOMPARE(again.held_out, one.held_out);
        QVERIFY(bytesOf(asked.output / "model.safetensors") == model);
        asked.recipe.seed = 6;
        QVERIFY(trainLanguageModel(asked, {}).losses != one.losses);
    }

    void filesHoldWhatWasMeasured() {
        LanguageModelRequest asked = request();
        asked.recipe.steps = 10;
        asked.save_type = DType::Float16;
        const LanguageModelReport report = trainLanguageModel(asked, {});
        QCOMPARE(written(), QStringList({"log.csv", "model.pth", "model.safetensors"}));

        const LanguageModelConfig config{
            .width = 32, .layers = 1, .heads = 2, .hidden = 48, .context = 24};
        for (const char* file : {"model.safetensors", "model.pth"}) {
            const Checkpoint checkpoint = openCheckpoint(asked.output / file);
            QCOMPARE(checkpoint.config["num_attention_heads"].get<int>(), 2);
            QCOMPARE(checkpoint.config["model_type"].get<std::string>(), "llama");
            QCOMPARE(checkpoint.config["vocabulary"].get<std::string>(), "bytes");
            Parameters read;
            for (const auto& [name, shape] : languageModelTensors(config)) {
                const TensorEntry* entry = checkpoint.find(name);
                QVERIFY2(entry != nullptr, name.c_str());
                QCOMPARE(entry->dtype, DType::Float16);
                QCOMPARE(entry->shape, shape);
                std::vector<at::Half> values(std::size_t(elementCount(shape)));
                std::memcpy(values.data(), entry->bytes.data(), values.size() * sizeof(at::Half));
                at::Tensor value = at::empty(shape, at::kHalf);
                std::memcpy(value.data_ptr(), values.data(), values.size() * sizeof(at::Half));
                read.add(name, value, false);
            }
            const std::string text = repetitiveText();
            QCOMPARE(textLoss(config, read, splitText(text).held_out, {}, {}), report.held_out);
        }

        const QStringList rows =
            QString::fromStdString(bytesOf(asked.output / "log.csv")).split('\n');
        QCOMPARE(rows.size(), 12); // header, 10 steps, nothing behind the last line
        QCOMPARE(rows[0], "step,learning_rate,loss,held_out_loss");
        for (int step = 1; step <= 10; ++step) {
            const QStringList cells = rows[step].split(',');
            QCOMPARE(cells.size(), 4);
            QCOMPARE(cells[0].toInt(), step);
            QVERIFY(std::abs(cells[2].toDouble() - report.losses[std::size_t(step) - 1]) < 1e-7);
            QCOMPARE(cells[3].isEmpty(), step % 2 == 1); // measured five times
        }
        QVERIFY(std::abs(rows[10].split(',')[3].toDouble() - report.held_out) < 1e-7);
    }

    void aLossThatIsNoNumberStops() {
        LanguageModelRequest asked = request();
        asked.recipe.steps = 10;
        trainLanguageModel(asked, {});
        const std::string model = bytesOf(asked.output / "model.safetensors");
        asked.recipe.learning_rate = 1e20;
        asked.recipe.warmup_steps = 0;
        const Failure failure = failureOf([&] { trainLanguageModel(asked, {}); });
        QCOMPARE(failure.code, ErrorCode::Model);
        QVERIFY2(
            failure.message.find("is no number in step 2,") != std::string::npos,
            failure.message.c_str());
        QVERIFY(failure.message.ends_with(": " + asked.output.string()));
        asked.recipe.learning_rate = 1e300; // LibTorch refuses it
        const Failure refused = failureOf([&] { trainLanguageModel(asked, {}); });
        QCOMPARE(refused.code, ErrorCode::Model);
        QVERIFY(refused.message.ends_with(": " + asked.output.string()));
        QVERIFY(bytesOf(asked.output / "model.safetensors") == model);
        QCOMPARE(written(), QStringList({"log.csv", "model.pth", "model.safetensors"}));
    }

    void aStopSavesTheLastStep() {
        LanguageModelRequest asked = request();
        std::stop_source stop;
        int steps = 0;
        const Task task{.stop = stop.get_token(), .progress = [&](const Progress& progress) {
                            QVERIFY(progress.stage.find("loss ") != std::string::npos);
                            if (++steps == 4) {
                                stop.request_stop();
                            }
                        }};
        const Failure failure = failureOf([&] { trainLanguageModel(asked, task); });
        QCOMPARE(failure.code, ErrorCode::Interrupted);
        QVERIFY2(
            failure.message.find("after step 4 of 60") != std::string::npos,
            failure.message.c_str());
        QCOMPARE(written(), QStringList({"log.csv", "model.pth", "model.safetensors"}));
        const Checkpoint checkpoint = openCheckpoint(asked.output / "model.safetensors");
        QCOMPARE(checkpoint.arguments["steps_done"].get<int>(), 4);
        const std::string log = bytesOf(asked.output / "log.csv");
        QCOMPARE(std::count(log.begin(), log.end(), '\n'), 5);

        asked.output = path("nothing");
        const Failure early = failureOf([&] { trainLanguageModel(asked, task); });
        QCOMPARE(early.code, ErrorCode::Interrupted);
        QCOMPARE(written("nothing"), QStringList());
    }

    void outputThatCannotBe() {
        LanguageModelRequest asked = request();
        asked.output = write("file", "x") / "out";
        const Failure failure = failureOf([&] { trainLanguageModel(asked, {}); });
        QCOMPARE(failure.code, ErrorCode::Resource);
        QVERIFY(failure.message.ends_with(": " + asked.output.string()));
    }
};

QTEST_GUILESS_MAIN(LmTest)
#include "lm_test.moc"
