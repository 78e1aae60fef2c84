#include <filesystem>
#include <fstream>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/staged_files.h"
#include "tests/support/failure.h"

using namespace vitreous;
using namespace vitreous::testing;
namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, const std::string& text) {
    std::ofstream(path) << text;
}

} // namespace

class StagedFilesTest final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { folder_ = std::make_unique<QTemporaryDir>(); }

    void takeTheirPlacesTogether() {
        write(path("old"), "old");
        {
            StagedFiles files;
            write(files.file(path("old")), "new");
            const fs::path pictures = files.directory(path("deep/er/pictures/"));
            fs::create_directory(pictures);
            write(pictures / "1", "one");
            QCOMPARE(bytesOf(path("old")), "old");
            QVERIFY(!fs::exists(path("deep/er/pictures")));
            files.commit();
        }
        QCOMPARE(bytesOf(path("old")), "new");
        QCOMPARE(bytesOf(path("deep/er/pictures/1")), "one");
        QCOMPARE(entries(path("")), std::ptrdiff_t(2));
        QCOMPARE(entries(path("deep/er")), std::ptrdiff_t(1));
    }
    void leaveNothingWithoutCommit() {
        write(path("old"), "old");
        {
            StagedFiles files;
            write(files.file(path("old")), "new");
            write(files.file(path("other")), "new");
            fs::create_directory(files.directory(path("deep/er/pictures")));
        }
        QCOMPARE(bytesOf(path("old")), "old");
        QCOMPARE(entries(path("")), std::ptrdiff_t(1));
    }
    void noneIsReplacedWhereOneCannotBe() {
        write(path("old"), "old");
        StagedFiles files;
        write(files.file(path("old")), "new");
        write(files.file(path("other")), "new");
        fs::create_directory(path("other"));
        const Failure failure = failureOf([&] { files.commit(); });
        QCOMPARE(failure.code, ErrorCode::Resource);
        QVERIFY(failure.message.ends_with(path("other").string()));
        QCOMPARE(bytesOf(path("old")), "old");
    }
    void halfwayOnlyWhatWasNotThereGoes() {
        write(path("old"), "old");
        StagedFiles files;
        write(files.file(path("old")), "new");
        write(files.file(path("other")), "new");
        fs::create_directory(files.directory(path("pictures")));
        write(files.file(path("last")), "new");
        fs::create_directory(path("pictures"));
        write(path("pictures/mine"), "mine"); // no directory can be renamed over it
        const Failure failure = failureOf([&] { files.commit(); });
        QCOMPARE(failure.code, ErrorCode::Resource);
        QVERIFY(
            failure.message.find("replaced already: " + path("old").string()) != std::string::npos);
        QVERIFY(failure.message.ends_with(path("pictures").string()));
        QCOMPARE(bytesOf(path("old")), "new");
        QVERIFY(!fs::exists(path("other")));
        QVERIFY(!fs::exists(path("last")));
        QCOMPARE(bytesOf(path("pictures/mine")), "mine");
    }
    void refuseWhatIsNoFile() {
        StagedFiles files;
        QCOMPARE(failureOf([&] { files.file("/dev/null"); }).code, ErrorCode::Resource);
        QCOMPARE(failureOf([&] { files.file(path("none/file")); }).code, ErrorCode::Resource);
    }
    void messagesNameThePlace() {
        StagedFiles files;
        const fs::path aside = files.file(path("maps.mp4"));
        QCOMPARE(
            files.plain("disk full: " + aside.string()), "disk full: " + path("maps.mp4").string());
    }

private:
    [[nodiscard]] fs::path path(const char* name) const {
        return folder_->filePath(name).toStdString();
    }
    static std::ptrdiff_t entries(const fs::path& folder) {
        return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
    }

    std::unique_ptr<QTemporaryDir> folder_;
};

QTEST_APPLESS_MAIN(StagedFilesTest)
#include "staged_files_test.moc"
