#include <filesystem>

#include <QTemporaryDir>
#include <QTest>

#include "tests/io/support.h"

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

    void refusesWholeModules() {
        const std::string message = messageOf([] { openCheckpoint(kData + "module.pth"); });
        QVERIFY2(
            message.find("torch.nn.modules.linear.Linear") != std::string::npos, message.c_str());
        QVERIFY(message.ends_with("module.pth"));
    }

    void opensRealFiles_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("count");
        QTest::newRow("golden vit") << "golden/image/vit.pth"
                                    << "blocks.2.mlp.fc2.weight" << 44;
        QTest::newRow("golden torchvision") << "golden/torchvision/torchvision_vit.pth"
                                            << "conv_proj.weight" << 44;
        QTest::newRow("mnist") << "data/vit/vit_mnist_3class.pt"
                               << "mlp_head.1.weight" << 52;
        QTest::newRow("llama2xs") << "data/llm/llama2xs.pt"
                                  << "layers.4.feed_forward.w3.weight" << 48;
    }
    void opensRealFiles() {
        QFETCH(QString, file);
        QFETCH(QString, name);
        QFETCH(int, count);
        const Checkpoint checkpoint = openCheckpoint(kShared + file.toStdString());
        QCOMPARE(int(checkpoint.tensors.size()), count);
        QVERIFY(checkpoint.find(name.toStdString()) != nullptr);
        QCOMPARE(checkpoint.file_bytes, std::filesystem::file_size(kShared + file.toStdString()));
    }

    void saysWhatItExpected_data() {
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
