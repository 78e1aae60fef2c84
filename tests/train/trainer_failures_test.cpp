// Training that goes wrong: nothing good is lost, nothing is mixed up.

#include <algorithm>
#include <cmath>
#include <fstream>
#include <optional>

#include <QDir>
#include <QTest>

#include "tests/support/hindrance.h"
#include "tests/train/training_fixture.h"

using namespace vitreous;
using namespace vitreous::testing;

class TrainerFailuresTest : public QObject, private TrainingFixture {
    Q_OBJECT

private:
    /// Makes the first number of a tensor of a .safetensors file NaN.
    void poison(const char* file, const char* tensor) const {
        std::string bytes = bytesOf(path(file));
        std::uint64_t header = 0;
        std::copy_n(bytes.data(), sizeof header, reinterpret_cast<char*>(&header));
        const auto json = nlohmann::json::parse(bytes.substr(sizeof header, header));
        const auto begin = json.at(tensor).at("data_offsets").at(0).get<std::size_t>();
        const float nan = std::nanf("");
        std::copy_n(
            reinterpret_cast<const char*>(&nan), sizeof nan,
            bytes.begin() + std::ptrdiff_t(sizeof header + header + begin));
        std::ofstream(path(file), std::ios::binary) << bytes;
    }

private Q_SLOTS:
    void init() { makeFolder(); }

    void aLossThatIsNoNumberStopsTheRun() {
        TrainingRequest wild = request("wild");
        wild.recipe.learning_rate = 1e30;
        wild.recipe.warmup_epochs = 0;
        const auto [code, message] = failureOf([&] { train(wild, {}, {}); });
        QCOMPARE(code, ErrorCode::Model);
        QVERIFY2(message.find("epoch 1, step 2") != std::string::npos, message.c_str());
        QVERIFY(!fs::exists(path("wild/model.safetensors")));

        // In a later epoch, the files of the one before stay.
        TrainingRequest later = request("later");
        std::stop_source stop;
        const auto first = failureOf([&] {
            train(
                later, {.on_epoch = [&](const EpochReport&) { stop.request_stop(); }},
                {.stop = stop.get_token(), .progress = {}});
        });
        QCOMPARE(first.code, ErrorCode::Interrupted);
        const std::string good = bytesOf(path("later/model.safetensors"));
        // A moment that is no number: the next step's weights are none either.
        const std::string state = bytesOf(path("later/state.safetensors"));
        poison("later/state.safetensors", "exp_avg.cls_token");
        later.resume = true;
        const auto [later_code, later_message] = failureOf([&] { train(later, {}, {}); });
        QCOMPARE(later_code, ErrorCode::Model);
        QVERIFY2(
            later_message.find("the checkpoint of epoch 1 stays") != std::string::npos,
            later_message.c_str());
        QCOMPARE(bytesOf(path("later/model.safetensors")), good);

        // A damaged weight is noticed before anything is written.
        std::ofstream(path("later/state.safetensors"), std::ios::binary) << state;
        poison("later/state.safetensors", "parameter.cls_token");
        const auto damaged = failureOf([&] { train(later, {}, {}); });
        QCOMPARE(damaged.code, ErrorCode::Model);
        QVERIFY2(damaged.message.find("damaged") != std::string::npos, damaged.message.c_str());
        QCOMPARE(bytesOf(path("later/model.safetensors")), good);
    }

    void weightsThatAreNoNumbersAreNotSaved() {
        // One step an epoch: its loss is finite, what it leaves is not.
        TrainingRequest wild = request("wild");
        wild.recipe.batch = 120;
        wild.recipe.learning_rate = 1e30;
        wild.recipe.warmup_epochs = 0;
        const auto [code, message] = failureOf([&] { train(wild, {}, {}); });
        QCOMPARE(code, ErrorCode::Model);
        QVERIFY2(
            message.find("no number any more in epoch 1") != std::string::npos, message.c_str());
        QVERIFY(!fs::exists(path("wild/model.safetensors")));
        QVERIFY(!fs::exists(path("wild/state.safetensors")));
        TrainingRequest nan = request("nan");
        nan.recipe.mixup = std::nan("");
        QCOMPARE(failureOf([&] { train(nan, {}, {}); }).code, ErrorCode::Usage);
    }

    void anotherBlockOrOtherPicturesAreNotResumed() {
        TrainingRequest run = withBlock("run", BlockKind::Frozen);
        train(run, {}, {});
        run.resume = true;
        train(run, {}, {}); // nothing to do, nothing refused
        fs::create_directories(path("other"));
        writeSafetensors(path("other/lm.safetensors").string(), languageModel(3, 64, 96, 3));
        TrainingRequest other = run;
        other.recipe.llm = path("other/lm.safetensors");
        const auto [code, message] = failureOf([&] { train(other, {}, {}); });
        QCOMPARE(code, ErrorCode::Usage);
        QVERIFY2(message.find("blocks of --llm are others") != std::string::npos, message.c_str());

        const fs::path images = path("data/train-images-idx3-ubyte");
        std::string bytes = bytesOf(images);
        std::transform(
            bytes.begin() + 16, bytes.end(), bytes.begin() + 16, [](char c) { return char(~c); });
        std::ofstream(images, std::ios::binary) << bytes;
        QCOMPARE(failureOf([&] { train(run, {}, {}); }).code, ErrorCode::Usage);
    }

    void anotherModelIsNotOverwritten() {
        fs::create_directories(path("lm"));
        fs::copy(path("lm.safetensors"), path("lm/model.safetensors"));
        const std::string before = bytesOf(path("lm/model.safetensors"));
        TrainingRequest careless = withBlock("lm", BlockKind::Frozen);
        careless.recipe.llm = path("lm/model.safetensors");
        QCOMPARE(failureOf([&] { train(careless, {}, {}); }).code, ErrorCode::Usage);
        QCOMPARE(bytesOf(path("lm/model.safetensors")), before);
    }

    void aFullDiskLosesNothing() {
        TrainingRequest full = request("full");
        std::optional<FullDisk> disk;
        std::string good_model;
        std::string good_state;
        const auto [code, message] = failureOf([&] {
            train(
                full,
                {.on_epoch =
                     [&](const EpochReport&) {
                         good_model = bytesOf(path("full/model.safetensors"));
                         good_state = bytesOf(path("full/state.safetensors"));
                         disk.emplace(1000);
                     }},
                {});
        });
        disk.reset();
        QCOMPARE(code, ErrorCode::Resource);
        QVERIFY2(message.find("state.safetensors") != std::string::npos, message.c_str());
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

    void aDiskThatFillsUpBehindTheStateIsMadeUpFor() {
        // As if the disk had filled up between the state of the last epoch and the model.
        train(request("whole"), {}, {});
        const std::string model = bytesOf(path("whole/model.safetensors"));
        fs::remove(path("whole/model.safetensors"));
        fs::remove(path("whole/model.pth"));
        fs::remove(path("whole/log.csv"));
        TrainingRequest resumed = request("whole");
        resumed.resume = true;
        train(resumed, {}, {});
        QCOMPARE(bytesOf(path("whole/model.safetensors")), model);
        QVERIFY(fs::exists(path("whole/model.pth")));
        QVERIFY(fs::exists(path("whole/log.csv")));
    }

    void aModelThatCannotFitIsRefusedBeforeItIsMade() {
        TrainingRequest huge = request("huge");
        huge.recipe.width = 16384;
        huge.recipe.depth = 256;
        huge.recipe.heads = 1;
        const auto [code, message] = failureOf([&] { train(huge, {}, {}); });
        QCOMPARE(code, ErrorCode::Resource);
        QVERIFY2(
            message.find("training this model needs about") != std::string::npos, message.c_str());
        QVERIFY(!fs::exists(path("huge")));
    }

    void aRunIsNotMixedUpWithAnother() {
        train(request("run"), {}, {});
        const std::string before = bytesOf(path("run/state.safetensors"));
        const auto again = failureOf([&] { train(request("run"), {}, {}); });
        QCOMPARE(again.code, ErrorCode::Usage);
        QVERIFY2(again.message.find("--resume") != std::string::npos, again.message.c_str());

        TrainingRequest other = request("run");
        other.resume = true;
        other.recipe.learning_rate = 2e-3;
        const auto different = failureOf([&] { train(other, {}, {}); });
        QCOMPARE(different.code, ErrorCode::Usage);
        QVERIFY2(
            different.message.find("learning_rate 0.001, found 0.002") != std::string::npos,
            different.message.c_str());

        TrainingRequest nothing = request("nowhere");
        nothing.resume = true;
        QCOMPARE(failureOf([&] { train(nothing, {}, {}); }).code, ErrorCode::Usage);

        // Other data of the same classes.
        fs::create_directories(path("more"));
        writeTwoTones(path("more"), 200, 40);
        TrainingRequest elsewhere = request("run");
        elsewhere.resume = true;
        elsewhere.data = path("more");
        const auto moved = failureOf([&] { train(elsewhere, {}, {}); });
        QCOMPARE(moved.code, ErrorCode::Usage);
        QVERIFY2(
            moved.message.find("pictures are others") != std::string::npos, moved.message.c_str());

        // A number of steps that cannot be.
        std::string negative = before;
        const std::size_t at = negative.rfind(R"(\"steps\":18)");
        QVERIFY(at != std::string::npos);
        negative.replace(at, 12, R"(\"steps\":-8)");
        std::ofstream(path("run/state.safetensors"), std::ios::binary) << negative;
        TrainingRequest damaged_number = request("run");
        damaged_number.resume = true;
        QCOMPARE(failureOf([&] { train(damaged_number, {}, {}); }).code, ErrorCode::Model);

        std::ofstream(path("run/state.safetensors"), std::ios::binary) << before.substr(0, 5000);
        TrainingRequest damaged = request("run");
        damaged.resume = true;
        const auto truncated = failureOf([&] { train(damaged, {}, {}); });
        QCOMPARE(truncated.code, ErrorCode::Model);
    }

    void dataThatCannotBeUsedIsRefused() {
        TrainingRequest lonely = request("lonely");
        lonely.data = path("one");
        fs::create_directories(path("one"));
        std::ofstream(path("one/train-images-idx3-ubyte"), std::ios::binary)
            << idxImagesHead(4, 16, 16) + std::string(4 * 256, '\x40');
        std::ofstream(path("one/train-labels-idx1-ubyte"), std::ios::binary)
            << idxLabels(std::string(4, '\0'));
        fs::copy(path("one/train-images-idx3-ubyte"), path("one/t10k-images-idx3-ubyte"));
        fs::copy(path("one/train-labels-idx1-ubyte"), path("one/t10k-labels-idx1-ubyte"));
        const auto [code, message] = failureOf([&] { train(lonely, {}, {}); });
        QCOMPARE(code, ErrorCode::Input);
        QVERIFY2(message.find("two classes") != std::string::npos, message.c_str());
    }
};

QTEST_GUILESS_MAIN(TrainerFailuresTest)
#include "trainer_failures_test.moc"
