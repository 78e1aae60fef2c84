#include <filesystem>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "tests/io/support.h"
#include "tests/support/shared.h"
#include "tests/support/weights.h"

using namespace vitreous;
using testing::messageOf;

class DirectoryTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;
    int count_ = 0;

    std::string fresh() {
        const QString path = folder_.filePath(QString::number(count_++));
        QDir().mkpath(path);
        return path.toStdString();
    }

    static void write(const std::string& path, const std::string& text) {
        testing::writeBytes(path, text);
    }

    static void tensors(const std::string& path, std::initializer_list<const char*> names) {
        testing::Weights weights;
        for (const char* name : names) {
            weights[name] = testing::tensor(name, {2, 3});
        }
        testing::writeSafetensors(path, weights);
    }

private Q_SLOTS:
    void refusesDeepConfigurations() {
        const std::string folder = fresh();
        tensors(folder + "/model.safetensors", {"a"});
        write(
            folder + "/config.json",
            R"({"a":)" + std::string(200000, '[') + std::string(200000, ']') + "}");
        const std::string message = messageOf([&] { openCheckpoint(folder); });
        QVERIFY2(message.find("nested too deep") != std::string::npos, message.c_str());
    }

    void readsOneFile() {
        const std::string folder = fresh();
        write(folder + "/config.json", R"({"num_attention_heads":4})");
        write(folder + "/preprocessor_config.json", R"({"resample":2})");
        tensors(folder + "/model.safetensors", {"a", "b"});
        for (const std::string& path : {folder, folder + "/", folder + "/model.safetensors"}) {
            const Checkpoint checkpoint = openCheckpoint(path);
            QCOMPARE(checkpoint.tensors.size(), std::size_t{2});
            QVERIFY(checkpoint.config["num_attention_heads"] == 4);
            QVERIFY(checkpoint.preprocessor["resample"] == 2);
        }
        QCOMPARE(openCheckpoint(folder).container, "Hugging Face directory");
    }

    void readsShards() {
        const std::string folder = fresh();
        write(folder + "/config.json", "{}");
        write(
            folder + "/model.safetensors.index.json",
            R"({"weight_map":{"a":"one.safetensors","b":"two.safetensors","c":"two.safetensors"}})");
        tensors(folder + "/one.safetensors", {"a"});
        tensors(folder + "/two.safetensors", {"b", "c"});
        const Checkpoint checkpoint = openCheckpoint(folder);
        QCOMPARE(checkpoint.tensors.size(), std::size_t{3});
        QCOMPARE(checkpoint.files.size(), std::size_t{2});
        std::filesystem::remove(folder + "/two.safetensors");
        QVERIFY(messageOf([&] {
                    openCheckpoint(folder);
                }).find("two.safetensors") != std::string::npos);
        tensors(folder + "/two.safetensors", {"a", "b", "c"});
        QVERIFY(messageOf([&] {
                    openCheckpoint(folder);
                }).find("two shards hold a tensor a") != std::string::npos);
        tensors(folder + "/two.safetensors", {"b"});
        const std::string message = messageOf([&] { openCheckpoint(folder); });
        QVERIFY2(message.starts_with("c: "), message.c_str());
        QVERIFY2(message.ends_with("two.safetensors"), message.c_str());
    }

    void staysOutOfItself() {
        const std::string folder = fresh();
        write(folder + "/config.json", "{}");
        std::filesystem::create_directory_symlink(".", folder + "/model.safetensors");
        const std::string message = messageOf([&] { openCheckpoint(folder); });
        QVERIFY2(message.find("is a directory") != std::string::npos, message.c_str());
        QVERIFY2(message.ends_with(folder + "/model.safetensors"), message.c_str());
    }

    void keepsShardsInside_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"../x.safetensors", "/etc/passwd", "..", ".", "", "sub/x"}) {
            QTest::newRow(name) << name;
        }
    }
    void keepsShardsInside() {
        QFETCH(QString, name);
        const std::string folder = fresh();
        write(folder + "/config.json", "{}");
        const nlohmann::json index = {{"weight_map", {{"a", name.toStdString()}}}};
        write(folder + "/model.safetensors.index.json", index.dump());
        QVERIFY(messageOf([&] {
                    openCheckpoint(folder);
                }).find("no file of this directory") != std::string::npos);
    }

    void readsPytorchBin() {
        VITREOUS_NEEDS_SHARED();
        const std::string folder = fresh();
        write(folder + "/config.json", "{}");
        std::filesystem::copy_file(
            VITREOUS_SHARED "/golden/torchvision/torchvision_vit.pth",
            folder + "/pytorch_model.bin");
        QCOMPARE(openCheckpoint(folder).tensors.size(), std::size_t{44});
        // Shards whose index was left behind are read too.
        std::filesystem::rename(
            folder + "/pytorch_model.bin", folder + "/pytorch_model-00001-of-00002.bin");
        std::filesystem::copy_file(
            VITREOUS_TEST_DATA "/io/zip.pth", folder + "/pytorch_model-00002-of-00002.bin");
        const Checkpoint shards = openCheckpoint(folder);
        QCOMPARE(shards.tensors.size(), std::size_t{44 + 9});
        QCOMPARE(shards.files.size(), std::size_t{2});
    }

    void readsMetaDirectory() {
        VITREOUS_NEEDS_SHARED();
        const std::string folder = fresh();
        write(folder + "/params.json", R"({"n_heads":8})");
        std::filesystem::copy_file(
            VITREOUS_SHARED "/data/llm/llama2xs.pt", folder + "/consolidated.00.pth");
        const Checkpoint checkpoint = openCheckpoint(folder);
        QCOMPARE(checkpoint.container, "Meta directory");
        QVERIFY(checkpoint.config["n_heads"] == 8);
        std::filesystem::copy_file(
            VITREOUS_SHARED "/data/llm/llama2xs.pt", folder + "/consolidated.01.pth");
        QVERIFY(messageOf([&] { openCheckpoint(folder); }).find("merged") != std::string::npos);
    }

    void saysWhatIsMissing() {
        const std::string folder = fresh();
        QVERIFY(messageOf([&] {
                    openCheckpoint(folder);
                }).find("without config.json") != std::string::npos);
        write(folder + "/config.json", "{}");
        QVERIFY(messageOf([&] {
                    openCheckpoint(folder);
                }).find("without model.safetensors") != std::string::npos);
        write(folder + "/config.json", "{broken");
        QVERIFY(
            messageOf([&] { openCheckpoint(folder); }).find("not valid JSON") != std::string::npos);
        write(folder + "/config.json", "{}");
        write(folder + "/model.safetensors.index.json", "[]");
        QVERIFY(messageOf([&] { openCheckpoint(folder); }).find("weight_map") != std::string::npos);
        write(folder + "/model.safetensors.index.json", R"({"weight_map":{}})");
        QVERIFY(messageOf([&] { openCheckpoint(folder); }).find("weight_map") != std::string::npos);
        const std::string meta = fresh();
        write(meta + "/params.json", "{}");
        QVERIFY(messageOf([&] {
                    openCheckpoint(meta);
                }).find("without consolidated.00.pth") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(DirectoryTest)
#include "directory_test.moc"
