#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/file_stamp.h"

using namespace vitreous;
namespace fs = std::filesystem;

class FileStampTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { folder_ = std::make_unique<QTemporaryDir>(); }

    void restsAsTheFileDoes() {
        write("a", "abc");
        QCOMPARE(stampOf(path("a")).files.size(), std::size_t(1));
        QCOMPARE(stampOf(path("a")).files[0].size, std::int64_t(3));
        QVERIFY(stampOf(path("a")) == stampOf(path("a")));
    }
    void seesAnotherSize() {
        write("a", "abc");
        const FileStamp before = stampOf(path("a"));
        write("a", "abcd");
        QVERIFY(stampOf(path("a")) != before);
    }
    void seesAnotherFileOfSameSizeAndTime() {
        write("a", "abc");
        const FileStamp before = stampOf(path("a"));
        write("b", "xyz");
        fs::last_write_time(path("b"), fs::last_write_time(path("a")));
        fs::rename(path("b"), path("a"));
        QVERIFY(stampOf(path("a")) != before);
    }
    void seesTheFilesOfAFolder() {
        fs::create_directories(path("hf/inner"));
        write("hf/config.json", "{}");
        write("hf/.hidden", "");
        const FileStamp before = stampOf(path("hf"));
        QCOMPARE(before.files.size(), std::size_t(1));
        write("hf/inner/x", "x");
        write("hf/.hidden", "h");
        QVERIFY(stampOf(path("hf")) == before);
        write("hf/model.safetensors", "w");
        QVERIFY(stampOf(path("hf")) != before);
    }
    void nothingToReadIsEmpty() {
        QCOMPARE(mkfifo(path("pipe").c_str(), 0600), 0);
        QVERIFY(stampOf(path("pipe")).files.empty());
        QVERIFY(stampOf(path("missing")).files.empty());
    }

private:
    [[nodiscard]] fs::path path(const char* name) const {
        return fs::path(folder_->path().toStdString()) / name;
    }
    void write(const char* name, const char* text) const { std::ofstream(path(name)) << text; }

    std::unique_ptr<QTemporaryDir> folder_;
};

QTEST_APPLESS_MAIN(FileStampTest)
#include "file_stamp_test.moc"
