#include <filesystem>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>

#include "tests/io/support.h"

using namespace vitreous;
using testing::messageOf;

namespace {

std::string withHeader(const std::string& header, std::size_t data_bytes) {
    const std::uint64_t length = header.size();
    return std::string(reinterpret_cast<const char*>(&length), sizeof length) + header +
           std::string(data_bytes, '\0');
}

long residentBytes() {
    std::ifstream file("/proc/self/statm");
    long pages = 0;
    file >> pages >> pages;
    return pages * sysconf(_SC_PAGESIZE);
}

} // namespace

class SafetensorsTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;

    std::string file(const std::string& bytes) {
        std::string path = folder_.filePath("a.safetensors").toStdString();
        testing::writeBytes(path, bytes);
        return path;
    }

private Q_SLOTS:
    void readsTensors() {
        std::string bytes = withHeader(
            R"({"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"n":{"dtype":"I64","shape":[],"data_offsets":[8,16]}})",
            16);
        const float value = 1.5f;
        std::memcpy(bytes.data() + bytes.size() - 12, &value, sizeof value);
        const Checkpoint checkpoint = openCheckpoint(file(bytes));
        QCOMPARE(checkpoint.container, "safetensors");
        QCOMPARE(checkpoint.tensors.size(), std::size_t{2});
        QCOMPARE(testing::valuesOf(*checkpoint.find("w")), (std::vector<float>{0.0f, 1.5f}));
        QVERIFY(checkpoint.arguments["format"] == "pt");
    }

    void keepsTheOrderOfTheFile() {
        const Checkpoint checkpoint = openCheckpoint(file(withHeader(
            R"({"__metadata__":7,"a":{"dtype":"U8","shape":[3],"data_offsets":[5,8]},"b":{"dtype":"U8","shape":[5],"data_offsets":[0,5]},"e":{"dtype":"F32","shape":[0],"data_offsets":[5,5]}})",
            8)));
        QCOMPARE(checkpoint.tensors.size(), std::size_t{3});
        QCOMPARE(checkpoint.tensors[0].name, "b");
        QCOMPARE(checkpoint.tensors[1].name, "e");
        QCOMPARE(checkpoint.tensors[2].name, "a");
        QVERIFY(checkpoint.arguments.is_null());
    }

    void knowsOneState() {
        const std::string path =
            file(withHeader(R"({"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", 8));
        const std::string message =
            messageOf([&] { openCheckpoint(path, {.state_key = "teacher"}); });
        QVERIFY2(message.find("there are (top level)") != std::string::npos, message.c_str());
    }

    void refusesBadHeaders_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("word");
        const auto add = [](const char* name, const std::string& bytes, const char* word) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << word;
        };
        const auto entry = [&](const char* name, const std::string& facts, const char* word) {
            add(name, withHeader(R"({"w":)" + facts + "}", 8), word);
        };
        add("short", "abc", "before its header");
        add("huge header", std::string("\xff\xff\xff\xff\xff\xff\x00\x00{", 9), "a header of");
        add("header beyond the file", std::string("\x40\x00\x00\x00\x00\x00\x00\x00{}", 10),
            "a header of");
        add("no JSON", withHeader("{nonsense", 8), "no JSON");
        add("overlap",
            withHeader(
                R"({"v":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
                12),
            "v: overlaps w");
        add("the same place twice",
            withHeader(
                R"({"v":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})",
                8),
            "overlaps");
        add("name of two lines",
            withHeader(R"({"a\nb":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}})", 8),
            "a?b: unknown element type");
        add("nothing", withHeader("{}", 8), "no tensors");
        const std::string deep = std::string(200000, '[') + std::string(200000, ']');
        add("deep", withHeader(R"({"w":)" + deep + "}", 8), "nested too deep");
        add("deep metadata", withHeader(R"({"__metadata__":{"a":)" + deep + "}}", 8),
            "nested too deep");
        add("unterminated", withHeader(R"({"w":)" + std::string(100000, '['), 8), "no JSON");
        entry(
            "overflow beside a 0",
            R"({"dtype":"F32","shape":[4294967296,4294967296,0],"data_offsets":[0,0]})",
            "overflows");
        entry("no object", "3", "lacks");
        entry("no offsets", R"({"dtype":"F32","shape":[2]})", "lacks");
        entry("unknown type", R"({"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]})", "F8_E4M3");
        entry(
            "negative side", R"({"dtype":"F32","shape":[-2],"data_offsets":[0,8]})",
            "whole number");
        entry(
            "overflow",
            R"({"dtype":"F32","shape":[4294967296,4294967296,16],"data_offsets":[0,8]})",
            "overflows");
        entry(
            "overflow in bytes",
            R"({"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]})", "expected");
        entry(
            "wrong size", R"({"dtype":"F32","shape":[1],"data_offsets":[0,8]})",
            "expected 4 bytes");
        entry(
            "backwards", R"({"dtype":"F32","shape":[2],"data_offsets":[8,0]})", "expected 8 bytes");
        entry(
            "beyond the end", R"({"dtype":"F32","shape":[3],"data_offsets":[0,12]})", "truncated");
        entry(
            "far beyond the end",
            R"({"dtype":"F32","shape":[2],"data_offsets":[18446744073709551600,18446744073709551608]})",
            "truncated");
    }
    void refusesBadHeaders() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, word);
        const std::string path = file(bytes.toStdString());
        const std::string message = messageOf([&] { openCheckpoint(path); });
        QVERIFY2(message.find(word.toStdString()) != std::string::npos, message.c_str());
        QVERIFY2(message.ends_with(path), message.c_str());
    }

    void openingCostsTheIndex() {
        constexpr std::uint64_t kBytes = std::uint64_t{6} << 30;
        const std::string header = R"({"w":{"dtype":"F32","shape":[)" + std::to_string(kBytes / 4) +
                                   R"(],"data_offsets":[0,)" + std::to_string(kBytes) + "]}}";
        const std::string path = file(withHeader(header, 0));
        std::error_code problem;
        std::filesystem::resize_file(path, 8 + header.size() + kBytes, problem);
        if (problem) {
            QSKIP("this file system holds no sparse file of that size");
        }
        const long before = residentBytes();
        const Checkpoint checkpoint = openCheckpoint(path);
        QCOMPARE(checkpoint.tensors[0].bytes.size(), std::size_t{kBytes});
        QVERIFY(residentBytes() - before < (8 << 20));
    }
};

QTEST_APPLESS_MAIN(SafetensorsTest)
#include "safetensors_test.moc"
