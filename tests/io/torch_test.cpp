#include <filesystem>
#include <limits>

#include <QTemporaryDir>
#include <QTest>

#include "tests/io/hand_made.h"
#include "tests/io/support.h"
#include "tests/support/shared.h"

using namespace vitreous;
using testing::messageOf;
using testing::valuesOf;

namespace {

const std::string kData = VITREOUS_TEST_DATA "/io/";
const std::string kShared = VITREOUS_SHARED "/";
constexpr const char* kMarker = "/tmp/vitreous-hostile-was-run";

const TensorEntry& tensor(const Checkpoint& checkpoint, const char* name) {
    const TensorEntry* entry = checkpoint.find(name);
    if (entry == nullptr) {
        throw Error(ErrorCode::Model, std::string("the test misses ") + name);
    }
    return *entry;
}

} // namespace

class TorchTest : public QObject {
    Q_OBJECT

private:
    void bothFormats() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("container");
        QTest::newRow("zip") << "zip.pth"
                             << "PyTorch zip";
        QTest::newRow("legacy") << "legacy.pth"
                                << "PyTorch legacy";
    }

private Q_SLOTS:
    void readsEveryType_data() { bothFormats(); }
    void readsEveryType() {
        QFETCH(QString, file);
        QFETCH(QString, container);
        const Checkpoint checkpoint = openCheckpoint(kData + file.toStdString());
        QCOMPARE(QString::fromStdString(checkpoint.container), container);
        QCOMPARE(checkpoint.tensors.size(), std::size_t{9});
        QVERIFY(checkpoint.find("counter") == nullptr);
        QCOMPARE(tensor(checkpoint, "plain").shape, (std::vector<std::int64_t>{4, 6}));
        QCOMPARE(valuesOf(tensor(checkpoint, "plain"))[7], 7.0f);
        QCOMPARE(tensor(checkpoint, "transposed").shape, (std::vector<std::int64_t>{6, 4}));
        QCOMPARE(tensor(checkpoint, "transposed").strides, (std::vector<std::int64_t>{1, 6}));
        QCOMPARE(valuesOf(tensor(checkpoint, "transposed"))[1], 6.0f);
        QCOMPARE(valuesOf(tensor(checkpoint, "slice")), (std::vector<float>{8, 9, 10, 11, 12, 13}));
        QCOMPARE(valuesOf(tensor(checkpoint, "parameter")), (std::vector<float>{1, 1, 1}));
        QCOMPARE(tensor(checkpoint, "scalar").dtype, DType::Float64);
        QVERIFY(tensor(checkpoint, "scalar").shape.empty());
        QCOMPARE(tensor(checkpoint, "half").dtype, DType::Float16);
        QCOMPARE(tensor(checkpoint, "bfloat").dtype, DType::BFloat16);
        QCOMPARE(tensor(checkpoint, "long").dtype, DType::Int64);
        QCOMPARE(tensor(checkpoint, "flag").dtype, DType::Bool);
        std::int64_t number = 0;
        std::memcpy(&number, tensor(checkpoint, "long").bytes.data() + 8, sizeof number);
        QCOMPARE(number, std::int64_t{1} << 40);
    }

    void findsStatesAndArguments_data() { bothFormats(); }
    void findsStatesAndArguments() {
        QFETCH(QString, file);
        const std::string path = kData + file.toStdString();
        const Checkpoint checkpoint = openCheckpoint(path);
        QCOMPARE(checkpoint.state_key, "model");
        QCOMPARE(
            checkpoint.state_keys, (std::vector<std::string>{"model", "model_ema.state_dict"}));
        QVERIFY(checkpoint.arguments["model"] == "vit_tiny");
        QVERIFY(checkpoint.arguments["lr"] == 1e-3);
        QVERIFY(checkpoint.arguments["sizes"] == nlohmann::json({1, 2}));
        QVERIFY(checkpoint.arguments["nested"]["a"].is_null());
        const Checkpoint other = openCheckpoint(path, {.state_key = "model_ema.state_dict"});
        QCOMPARE(other.tensors.size(), std::size_t{1});
        QCOMPARE(other.tensors[0].name, "ema");
        const std::string message =
            messageOf([&] { openCheckpoint(path, {.state_key = "teacher"}); });
        QVERIFY2(message.find("model_ema.state_dict") != std::string::npos, message.c_str());
    }

    void runsNothing_data() {
        QTest::addColumn<QString>("file");
        QTest::newRow("zip") << "hostile_zip.pth";
        QTest::newRow("legacy") << "hostile_legacy.pth";
    }
    void runsNothing() {
        QFETCH(QString, file);
        const std::string path = kData + file.toStdString();
        // The file is what it claims to be: it names the system call.
        const std::string bytes = testing::bytesOf(path);
        QVERIFY(bytes.find("system") != std::string::npos);
        QVERIFY(bytes.find(kMarker) != std::string::npos);
        std::filesystem::remove(kMarker);
        const Checkpoint checkpoint = openCheckpoint(path);
        QVERIFY(!std::filesystem::exists(kMarker));
        QCOMPARE(valuesOf(tensor(checkpoint, "weight")), (std::vector<float>{0, 1, 2, 3}));
    }

    void readsDeviceTensorsAndNumpyNumbers_data() {
        QTest::addColumn<QString>("file");
        for (const char* file : {"devices.pth", "devices4.pth", "devices4_legacy.pth"}) {
            QTest::newRow(file) << file;
        }
    }
    void readsDeviceTensorsAndNumpyNumbers() {
        QFETCH(QString, file);
        // The entries own what they show: the checkpoint that they came from may go.
        std::vector<TensorEntry> tensors;
        {
            const Checkpoint checkpoint = openCheckpoint(kData + file.toStdString());
            tensors = checkpoint.tensors;
            const nlohmann::json expected = {
                {"double", 0.25},
                {"single", 0.5},
                {"long", -5},
                {"byte", 200},
                {"flag", true},
                {"size", {2, 3}},
                {"type", "torch.float16"},
                {"optimizer", "torch.optim.sgd.SGD"}};
            QCOMPARE(checkpoint.arguments.dump(), expected.dump());
            QVERIFY(checkpoint.find("swapped") == nullptr);
        }
        QCOMPARE(tensors.size(), std::size_t{3});
        for (const TensorEntry& entry : {tensors[0], tensors[1]}) {
            QCOMPARE(entry.shape, (std::vector<std::int64_t>{2, 3}));
            QCOMPARE(valuesOf(entry), (std::vector<float>{0, 1, 2, 3, 4, 5}));
        }
        QCOMPARE(tensors[1].strides, (std::vector<std::int64_t>{1, 2}));
        QCOMPARE(valuesOf(tensors[2]), (std::vector<float>{0, 1, 2}));
    }

    void readsLegacyViews() {
        QTemporaryDir folder;
        const std::string path = folder.filePath("view.pth").toStdString();
        const std::vector<float> values = {0, 1, 2, 3, 4, 5, 6, 7};
        const auto write = [&](const testing::HandMadeTensor& tensor) {
            testing::writeBytes(path, testing::legacyFile(testing::pickledState(tensor), values));
        };
        write({.storage_count = 8, .offset = 1, .shape = {2}, .strides = {1}, .view = {3, 4}});
        QCOMPARE(valuesOf(openCheckpoint(path).tensors.at(0)), (std::vector<float>{4, 5}));
        write({.storage_count = 8, .offset = 3, .shape = {2}, .strides = {1}, .view = {3, 4}});
        const std::string message = messageOf([&] { openCheckpoint(path); });
        QVERIFY2(message.starts_with("w: expected 5 elements in its view"), message.c_str());
    }

    void refusesTensorsOutsideTheirStorage_data() {
        QTest::addColumn<qint64>("offset");
        QTest::addColumn<QList<qint64>>("shape");
        QTest::addColumn<QList<qint64>>("strides");
        QTest::addColumn<QString>("word");
        constexpr qint64 kHuge = std::numeric_limits<qint64>::max();
        using Numbers = QList<qint64>;
        QTest::newRow("inside") << qint64{2} << Numbers{2, 3} << Numbers{3, 1} << "";
        QTest::newRow("one too many")
            << qint64{3} << Numbers{2, 3} << Numbers{3, 1} << "w: expected 9 elements";
        QTest::newRow("long stride")
            << qint64{0} << Numbers{2} << Numbers{8} << "w: expected 9 elements";
        QTest::newRow("negative offset") << qint64{-1} << Numbers{1} << Numbers{1} << "no sense";
        QTest::newRow("negative stride") << qint64{4} << Numbers{2} << Numbers{-1} << "no sense";
        QTest::newRow("negative side") << qint64{0} << Numbers{-2} << Numbers{1} << "no sense";
        QTest::newRow("huge offset") << kHuge << Numbers{2} << Numbers{1} << "no sense";
        QTest::newRow("huge stride") << qint64{0} << Numbers{3} << Numbers{kHuge} << "no sense";
        QTest::newRow("huge sides")
            << qint64{0} << Numbers{kHuge, kHuge} << Numbers{0, 0} << "no sense";
        QTest::newRow("empty beyond the end")
            << qint64{9} << Numbers{0} << Numbers{1} << "w: expected 9 elements";
        QTest::newRow("endless repetition")
            << qint64{0} << Numbers{qint64{1} << 40} << Numbers{0} << "endlessly";
        QTest::newRow("a stride is missing")
            << qint64{0} << Numbers{2, 2} << Numbers{1} << "2 dimensions with 1 strides";
        QTest::newRow("17 dimensions")
            << qint64{0} << Numbers(17, 1) << Numbers(17, 1) << "more than 16 dimensions";
    }
    void refusesTensorsOutsideTheirStorage() {
        QFETCH(qint64, offset);
        QFETCH(QList<qint64>, shape);
        QFETCH(QList<qint64>, strides);
        QFETCH(QString, word);
        QTemporaryDir folder;
        const std::string path = folder.filePath("tensor.pth").toStdString();
        const testing::HandMadeTensor tensor{
            .storage_count = 8,
            .offset = offset,
            .shape = {shape.begin(), shape.end()},
            .strides = {strides.begin(), strides.end()}};
        testing::writeBytes(
            path, testing::legacyFile(testing::pickledState(tensor), std::vector<float>(8)));
        const std::string message = messageOf([&] { openCheckpoint(path); });
        QVERIFY2(
            word.isEmpty() ? message.empty()
                           : message.find(word.toStdString()) != std::string::npos,
            message.c_str());
    }

    void keepsMessagesOnOneLine() {
        QTemporaryDir folder;
        const std::string path = folder.filePath("name.pth").toStdString();
        const testing::HandMadeTensor tensor{.offset = -1, .shape = {1}, .strides = {1}};
        const std::string name = "a\nb\x1b" + std::string(5000, 'c');
        testing::writeBytes(path, testing::legacyFile(testing::pickledState(tensor, name), {1.0f}));
        const std::string message = messageOf([&] { openCheckpoint(path); });
        QVERIFY2(message.starts_with("a?b?ccc"), message.c_str());
        QVERIFY(message.size() < 400);
    }

    void refusesWholeModules() {
        for (const char* file : {"module.pth", "nested_module.pth"}) {
            const std::string message = messageOf([&] { openCheckpoint(kData + file); });
            QVERIFY2(
                message.find("torch.nn.modules.linear.Linear") != std::string::npos,
                message.c_str());
            QVERIFY(message.ends_with(file));
        }
    }

    void opensRealFiles_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("count");
        QTest::addColumn<QList<qint64>>("shape");
        QTest::addColumn<QList<float>>(
            "values"); // the first three and the last, as Python has them
        using Sides = QList<qint64>;
        using Values = QList<float>;
        QTest::newRow("golden vit")
            << "golden/image/vit.pth"
            << "blocks.2.mlp.fc2.weight" << 44 << Sides{48, 192}
            << Values{0x1.b6879ap-4f, 0x1.cc8a5cp-4f, -0x1.528760p-9f, -0.03688286244869232f};
        QTest::newRow("golden torchvision")
            << "golden/torchvision/torchvision_vit.pth"
            << "conv_proj.weight" << 44 << Sides{64, 3, 16, 16}
            << Values{-0x1.c1fa20p-5f, 0x1.c65260p-4f, -0x1.e3ab5cp-5f, -0.11316324770450592f};
        QTest::newRow("mnist") << "data/vit/vit_mnist_3class.pt"
                               << "mlp_head.1.weight" << 52 << Sides{3, 64}
                               << Values{
                                      0x1.0d4f54p-3f, 0x1.c259aap-3f, -0x1.10c9c0p-5f,
                                      -0.0745556429028511f};
        QTest::newRow("llama2xs") << "data/llm/llama2xs.pt"
                                  << "layers.4.feed_forward.w3.weight" << 48 << Sides{192, 64}
                                  << Values{
                                         -0x1.398c36p-3f, 0x1.0b8a98p-4f, -0x1.9a03f6p-1f,
                                         -0.18292589485645294f};
    }
    void opensRealFiles() {
        VITREOUS_NEEDS_SHARED();
        QFETCH(QString, file);
        QFETCH(QString, name);
        QFETCH(int, count);
        const Checkpoint checkpoint = openCheckpoint(kShared + file.toStdString());
        QCOMPARE(int(checkpoint.tensors.size()), count);
        QFETCH(QList<qint64>, shape);
        QFETCH(QList<float>, values);
        const TensorEntry& entry = tensor(checkpoint, name.toStdString().c_str());
        QCOMPARE(entry.shape, std::vector<std::int64_t>(shape.begin(), shape.end()));
        const std::vector<float> found = valuesOf(entry);
        QCOMPARE((QList<float>{found[0], found[1], found[2], found.back()}), values);
        QCOMPARE(checkpoint.file_bytes, std::filesystem::file_size(kShared + file.toStdString()));
    }

    void opensEveryGoldenFile() {
        VITREOUS_NEEDS_SHARED();
        int opened = 0;
        for (const auto& file : std::filesystem::recursive_directory_iterator(kShared + "golden")) {
            if (file.path().extension() == ".pth") {
                const Checkpoint checkpoint = openCheckpoint(file.path());
                QVERIFY2(checkpoint.tensors.size() > 20, file.path().c_str());
                const std::string folder = file.path().parent_path().filename();
                QCOMPARE(
                    checkpoint.state_key, folder == "point"         ? "base_model"
                                          : folder == "torchvision" ? ""
                                                                    : "model");
                QCOMPARE(checkpoint.arguments.is_object(), folder == "image" || folder == "video");
                ++opened;
            }
        }
        QCOMPARE(opened, 7);
    }

    void saysWhatItExpected_data() {
        VITREOUS_NEEDS_SHARED();
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("word");
        QTest::newRow("missing") << "/nonexistent/a.pth"
                                 << "No such file";
        QTest::newRow("device") << "/dev/null"
                                << "no regular file";
        QTest::newRow("text") << "/etc/passwd"
                              << "expected a file of torch.save";
        QTest::newRow("picture") << QString::fromStdString(kShared + "data/images/apple.jpg")
                                 << "expected a file of torch.save";
    }
    void saysWhatItExpected() {
        QFETCH(QString, path);
        QFETCH(QString, word);
        const std::string message = messageOf([&] { openCheckpoint(path.toStdString()); });
        QVERIFY2(message.find(word.toStdString()) != std::string::npos, message.c_str());
        QVERIFY2(message.ends_with(path.toStdString()), message.c_str());
    }

    void refusesAnEmptyFile() {
        QTemporaryDir folder;
        const std::string path = folder.filePath("empty.pth").toStdString();
        testing::writeBytes(path, "");
        QVERIFY(messageOf([&] { openCheckpoint(path); }).find("empty") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TorchTest)
#include "torch_test.moc"
