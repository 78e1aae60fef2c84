#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <unistd.h>

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include "core/base/error.h"
#include "core/base/file_output.h"
#include "core/export/npz.h"
#include "core/export/provenance.h"
#include "core/export/sha256.h"
#include "tests/support/failure.h"
#include "tests/support/hindrance.h"

using namespace vitreous;
using testing::bytesOf;
namespace fs = std::filesystem;

class FilesTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;

    fs::path path(const char* name) { return folder_.filePath(name).toStdString(); }

    /// Hidden leftovers count too.
    std::size_t filesHere() {
        return std::size_t(std::distance(fs::directory_iterator(folder_.path().toStdString()), {}));
    }

private Q_SLOTS:
    void init() {
        for (const fs::directory_entry& entry :
             fs::directory_iterator(folder_.path().toStdString())) {
            fs::remove_all(entry.path());
        }
    }

    void streamedArraysAreTheSameFile() {
        Array large{{3, 100000}, {}};
        for (int i = 0; i < 300000; ++i) {
            large.values.push_back(float(i % 977) * 0.25f);
        }
        const Array none{{0, 4}, {}};
        writeNpz(path("whole.npz"), {{"large", &large}, {"none", &none}});
        std::size_t most = 0;
        const auto from = [&most](const Array& array) {
            return [&](std::span<float> to, std::int64_t first) {
                most = std::max(most, to.size());
                std::copy_n(array.values.begin() + first, to.size(), to.begin());
            };
        };
        writeNpz(
            path("streamed.npz"),
            std::vector<NpzStream>{
                {"large", large.shape, from(large)}, {"none", none.shape, from(none)}});
        QVERIFY(bytesOf(path("streamed.npz")) == bytesOf(path("whole.npz")));
        QVERIFY(most > 0 && most <= 262144);
        QCOMPARE(filesHere(), std::size_t{2});
    }

    void streamsThatFailLeaveNothing() {
        const std::vector<NpzStream> arrays{
            {"map", {5}, [](std::span<float>, std::int64_t) {
                 throw Error(ErrorCode::Input, "the spilled values are gone");
             }}};
        const auto failure = testing::failureOf([&] { writeNpz(path("a.npz"), arrays); });
        QCOMPARE(failure.code, ErrorCode::Input);
        QCOMPARE(failure.message, "the spilled values are gone");
        QCOMPARE(filesHere(), std::size_t{0});
    }

    void arraysComeBack() {
        const Array map{{2, 3}, {0, 1, 2, 3, 4, 5}};
        const Array scalar{{}, {7}};
        const Array row{{2}, {-1.5f, 1e-30f}};
        writeNpz(path("a.npz"), {{"magnitude/blocks.0", &map}, {"scalar", &scalar}, {"row", &row}});
        const auto arrays = readNpz(path("a.npz"));
        QCOMPARE(arrays.size(), std::size_t{3});
        QCOMPARE(arrays[0].first, "magnitude/blocks.0");
        QVERIFY(arrays[0].second == map);
        QVERIFY(arrays[1].second == scalar);
        QVERIFY(arrays[2].second == row);
        const std::string first = bytesOf(path("a.npz"));
        writeNpz(path("a.npz"), {{"magnitude/blocks.0", &map}, {"scalar", &scalar}, {"row", &row}});
        QVERIFY(bytesOf(path("a.npz")) == first);
        QCOMPARE(filesHere(), std::size_t{1});
    }

    void numpyReadsThem() {
        const Array map{{2, 3}, {0, 1, 2, 3, 4, 5}};
        writeNpz(path("a.npz"), {{"magnitude/blocks.0", &map}});
        QProcess python;
        python.start(
            "/usr/bin/python3",
            {"-c",
             "import sys, numpy\nm = numpy.load(sys.argv[1])['magnitude/blocks.0']\nprint(m.dtype, "
             "m.shape, m.ravel().tolist())",
             QString::fromStdString(path("a.npz").string())});
        if (!python.waitForStarted() || !python.waitForFinished() ||
            python.readAllStandardError().contains("No module")) {
            QSKIP("no numpy here");
        }
        QCOMPARE(
            python.readAllStandardOutput().trimmed(),
            QByteArray("float32 (2, 3) [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]"));
    }

    void brokenArchivesAreRefused() {
        std::ofstream(path("b.npz")) << "no archive";
        QVERIFY_EXCEPTION_THROWN(readNpz(path("b.npz")), Error);
        QVERIFY_EXCEPTION_THROWN(readNpz(path("missing.npz")), Error);
        const Array map{{2, 3}, {0, 1, 2, 3, 4, 5}};
        writeNpz(path("c.npz"), {{"a", &map}});
        const std::string bytes = bytesOf(path("c.npz"));
        std::ofstream(path("d.npz"), std::ios::binary) << bytes.substr(0, bytes.size() / 2);
        QVERIFY_EXCEPTION_THROWN(readNpz(path("d.npz")), Error);
    }

    void aFullDiskLeavesNothing() {
        const Array big{{1000, 100}, std::vector<float>(100000, 1.0f)};
        const Array old{{1}, {3}};
        writeNpz(path("a.npz"), {{"old", &old}});
        const testing::FullDisk disk(64 * 1024);
        for (const char* name : {"a.npz", "new.npz"}) {
            try {
                writeNpz(path(name), {{"big", &big}});
                QFAIL("it was written");
            } catch (const Error& error) {
                QCOMPARE(error.code(), ErrorCode::Resource);
                QVERIFY2(std::string(error.what()).ends_with(name), error.what());
            }
        }
        try {
            writeFileWhole(path("text"), std::string(100000, 'x'));
            QFAIL("it was written");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Resource);
        }
        AnalysisResult result;
        result.model_label = "m";
        result.input = big;
        QVERIFY_EXCEPTION_THROWN(writeResult(path(""), "photo.png", result, {{"a", 1}}), Error);
        QCOMPARE(filesHere(), std::size_t{1});
        QCOMPARE(readNpz(path("a.npz"))[0].first, "old");
    }

    void missingFoldersAreNamed() {
        const Array map{{1}, {0}};
        QVERIFY_EXCEPTION_THROWN(writeNpz("/nonexistent/a.npz", {{"a", &map}}), Error);
        QVERIFY_EXCEPTION_THROWN(writeFileWhole("/nonexistent/a", "x"), Error);
    }

    void resultsHaveTheirNames() {
        AnalysisResult result;
        result.model_label = "runs/best";
        result.magnitude["norm"] = {{1, 2}, {1, 2}};
        result.cls_attention["blocks.0"] = {{1, 1, 2}, {1, 2}};
        result.input = {{1}, {0}};
        const fs::path npz =
            writeResult(path("deep/er"), "/x/photo.one.jpg", result, {{"version", "1"}});
        QCOMPARE(npz, path("deep/er") / "photo.one.runs_best.npz");
        QVERIFY(fs::exists(path("deep/er") / "photo.one.runs_best.json"));
        std::vector<std::string> names;
        for (const auto& [name, array] : readNpz(npz)) {
            names.push_back(name);
        }
        QCOMPARE(
            names, (std::vector<std::string>{"magnitude/norm", "cls_attention/blocks.0", "input"}));
    }

    void digestsAreRightAndFresh() {
        std::ofstream(path("f")) << "abc";
        QCOMPARE(
            sha256OfFile(path("f")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        std::ofstream(path("f")) << "abcd";
        QCOMPARE(
            sha256OfFile(path("f")),
            "88d4266fd4e6338d13b845fcf289579d209c897823b9217da3e161936f031589");
        QVERIFY_EXCEPTION_THROWN(sha256OfFile(path("missing")), Error);
        const std::string folder = sha256OfFile(folder_.path().toStdString());
        std::ofstream(path("g")) << "x";
        QVERIFY(sha256OfFile(folder_.path().toStdString()) != folder);
    }
};

QTEST_APPLESS_MAIN(FilesTest)
#include "files_test.moc"
