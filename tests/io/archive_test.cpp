// Archives whose version record, the one that LibTorch's reader unpacks by itself, is hostile.

#include <QTemporaryDir>
#include <QTest>
#include <zip.h>

#include "tests/io/hand_made.h"
#include "tests/io/support.h"

using namespace vitreous;
using testing::messageOf;

class ArchiveTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;

    /// An archive as torch.save writes it, empty but for a number, with this version record.
    std::string archive(const std::string& version, bool compressed) {
        std::string path = folder_.filePath("archive.pth").toStdString();
        const std::string pickle = "\x80\x02K\x01.";
        zip_t* zip = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
        const auto add = [zip](const char* name, const std::string& text, bool deflate) {
            zip_source_t* source = zip_source_buffer(zip, text.data(), text.size(), 0);
            const zip_int64_t index = zip_file_add(zip, name, source, ZIP_FL_OVERWRITE);
            zip_set_file_compression(
                zip, zip_uint64_t(index), deflate ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
        };
        add("archive/data.pkl", pickle, false);
        add("archive/version", version, compressed);
        zip_close(zip);
        return path;
    }

    static void isNoVersion(const std::string& path) {
        const std::string message = messageOf([&path] { openCheckpoint(path); });
        QVERIFY2(message.find("is no version number") != std::string::npos, message.c_str());
    }

private Q_SLOTS:
    void versionIsBounded() {
        // Whole otherwise: without a fault in the version it is the content that is refused.
        QVERIFY(messageOf([&] {
                    openCheckpoint(archive("3\n", false));
                }).starts_with("holds no state dictionary"));
        constexpr std::size_t bomb_bytes = 50'000'000;
        const std::string bomb = archive(std::string(1, '3').append(bomb_bytes, '3'), true);
        isNoVersion(bomb);
        isNoVersion(archive("3\n", true));
        isNoVersion(archive(std::string(1000, '3'), false));
    }
    void versionIsANumber() {
        for (const char* version : {"three", "-", ""}) {
            const std::string path = archive(version, false);
            const std::string message = messageOf([&] { openCheckpoint(path); });
            QVERIFY2(message.find("damaged zip archive") != std::string::npos, message.c_str());
            QVERIFY2(message.ends_with(path), message.c_str());
        }
    }
};

QTEST_APPLESS_MAIN(ArchiveTest)
#include "archive_test.moc"
