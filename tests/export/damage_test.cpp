// Archives that are damaged, targets that are no files, digests that must not go stale.

#include <filesystem>
#include <fstream>
#include <iterator>

#include <sys/stat.h>

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <zip.h>

#include "core/base/error.h"
#include "core/base/file_output.h"
#include "core/export/npz.h"
#include "core/export/provenance.h"
#include "core/export/sha256.h"
#include "tests/support/failure.h"

using namespace vitreous;
using testing::bytesOf;
namespace fs = std::filesystem;

namespace {

void writeArchive(const fs::path& path, const std::string& entry, const std::string& bytes) {
    zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    QVERIFY(archive != nullptr);
    zip_source_t* source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    QVERIFY(zip_file_add(archive, entry.c_str(), source, ZIP_FL_ENC_UTF_8) >= 0);
    QCOMPARE(zip_close(archive), 0);
}

} // namespace

class DamageTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;

    fs::path path(const char* name) { return folder_.filePath(name).toStdString(); }

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

    void brokenArraysAreNamed() {
        const std::string magic = "\x93NUMPY\x01";
        for (const std::string& bytes :
             {std::string(), std::string("x"), magic, magic + std::string(1, '\0'),
              magic + std::string("\0\xff\xff", 3), std::string(300, 'y')}) {
            writeArchive(path("a.npz"), "maps/a.npy", bytes);
            try {
                readNpz(path("a.npz"));
                QFAIL("it was read");
            } catch (const Error& error) {
                const std::string message = error.what();
                QCOMPARE(error.code(), ErrorCode::Input);
                QVERIFY2(message.find("maps/a") != std::string::npos, message.c_str());
                QVERIFY2(message.ends_with(path("a.npz").string()), message.c_str());
            }
        }
    }

    void damageNeverCrashes() {
        const Array map{{3, 4}, std::vector<float>(12, 0.5f)};
        writeNpz(path("a.npz"), {{"magnitude/norm", &map}, {"input", &map}});
        const std::string whole = bytesOf(path("a.npz"));
        std::uint32_t state = 3;
        for (int round = 0; round < 400; ++round) {
            std::string damaged =
                whole.substr(0, round % 4 == 0 ? state % whole.size() : whole.size());
            for (int flip = 0; flip < 3 && !damaged.empty(); ++flip) {
                state = state * 1664525U + 1013904223U;
                damaged[(state >> 8) % damaged.size()] = static_cast<char>(state >> 24);
            }
            std::ofstream(path("b.npz"), std::ios::binary) << damaged;
            try {
                readNpz(path("b.npz"));
            } catch (const Error& error) {
                QCOMPARE(error.code(), ErrorCode::Input);
            }
        }
    }

    void pipesAndFoldersAreNotReplaced() {
        QCOMPARE(mkfifo(path("pipe").c_str(), 0600), 0);
        fs::create_directory(path("folder"));
        const Array map{{1}, {0}};
        for (const char* name : {"pipe", "folder"}) {
            for (const bool archive : {false, true}) {
                try {
                    archive ? writeNpz(path(name), {{"a", &map}}) : writeFileWhole(path(name), "x");
                    QFAIL("it was written");
                } catch (const Error& error) {
                    QCOMPARE(error.code(), ErrorCode::Resource);
                    QVERIFY2(
                        std::string(error.what()).ends_with(path(name).string()), error.what());
                }
            }
        }
        QVERIFY(fs::is_fifo(path("pipe")));
        QVERIFY(fs::is_directory(path("folder")));
        QCOMPARE(filesHere(), std::size_t{2});
    }

    void nothingStaysWithoutCommit() {
        {
            const FileAside file(path("a"));
            std::ofstream(file.path()) << "half";
            QCOMPARE(file.path().parent_path(), path("a").parent_path());
            QVERIFY(file.path().filename().string().starts_with('.'));
            QCOMPARE(filesHere(), std::size_t{1});
        }
        QCOMPARE(filesHere(), std::size_t{0});
        FileAside never(path("b"));
        QVERIFY_EXCEPTION_THROWN(never.commit(), Error);
        FileAside one(path("c"));
        FileAside two(path("c"));
        QVERIFY(one.path() != two.path());
    }

    void aFileInTheWayOfAFolder() {
        writeFileWhole(path("taken"), "x");
        AnalysisResult result;
        result.model_label = "m";
        result.input = {{1}, {0}};
        for (const fs::path& folder : {path("taken"), path("taken") / "deeper"}) {
            try {
                writeResult(folder, "photo.png", result, {{"a", 1}});
                QFAIL("it was written");
            } catch (const Error& error) {
                QCOMPARE(error.code(), ErrorCode::Resource);
                QVERIFY2(std::string(error.what()).ends_with(folder.string()), error.what());
            }
        }
        QCOMPARE(bytesOf(path("taken")), "x");
    }

    void digestsNoticeWhatKeepsSizeAndTime() {
        writeFileWhole(path("f"), "abc");
        // Only a file at rest is remembered.
        QTest::qSleep(2100);
        const std::string before = sha256OfFile(path("f"));
        const auto time = fs::last_write_time(path("f"));
        writeFileWhole(path("g"), "abd");
        fs::last_write_time(path("g"), time);
        fs::rename(path("g"), path("f"));
        QVERIFY(sha256OfFile(path("f")) != before);
        std::ofstream(path("f")) << "abc";
        fs::last_write_time(path("f"), time);
        QCOMPARE(sha256OfFile(path("f")), before);
    }

    void directoriesDigestAsSha256sumDoes() {
        fs::create_directories(path("hf") / "inner");
        writeFileWhole(path("hf") / "config.json", "{}");
        writeFileWhole(path("hf") / "b.bin", std::string(3000000, 'b'));
        writeFileWhole(path("hf") / "B.txt", "");
        writeFileWhole(path("hf") / ".hidden", "h");
        writeFileWhole(path("hf") / "inner" / "x", "x");
        const std::string digest = sha256OfFile(path("hf"));
        QCOMPARE(digest.size(), std::size_t{64});
        QProcess shell;
        shell.setWorkingDirectory(QString::fromStdString((path("hf")).string()));
        shell.start("/bin/sh", {"-c", "LC_ALL=C sha256sum [!i]* | sha256sum | cut -c 1-64"});
        QVERIFY(shell.waitForFinished());
        QCOMPARE(shell.readAllStandardOutput().trimmed().toStdString(), digest);
        // Changing one of its files changes it, changing it back brings it back.
        writeFileWhole(path("hf") / "config.json", "{ }");
        QVERIFY(sha256OfFile(path("hf")) != digest);
        writeFileWhole(path("hf") / "config.json", "{}");
        QCOMPARE(sha256OfFile(path("hf")), digest);
        fs::rename(path("hf") / "B.txt", path("hf") / "C.txt");
        QVERIFY(sha256OfFile(path("hf")) != digest);
    }

    void emptyFilesHaveADigest() {
        writeFileWhole(path("empty"), "");
        QCOMPARE(
            sha256OfFile(path("empty")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
};

QTEST_APPLESS_MAIN(DamageTest)
#include "damage_test.moc"
