// Data sets for classification: IDX files and directories of classes, whole and damaged.

#include <fstream>
#include <functional>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>
#include <zlib.h>

#include "core/base/error.h"
#include "core/media/image_file.h"
#include "core/train/pictures.h"
#include "tests/support/idx.h"

using namespace vitreous;
using testing::bigEndian;
using testing::idxImagesHead;
using testing::idxLabels;

namespace {

std::string idxImages(std::uint32_t count, std::uint32_t height, std::uint32_t width) {
    std::string bytes = idxImagesHead(count, height, width);
    for (std::uint32_t i = 0; i < count * height * width; ++i) {
        bytes += static_cast<char>(i % 251);
    }
    return bytes;
}

std::string messageOf(const std::function<void()>& work) {
    try {
        work();
    } catch (const Error& error) {
        return error.code() == ErrorCode::Input ? error.what() : "another code";
    }
    return "";
}

} // namespace

class PicturesTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> folder_;

    std::string path(const std::string& name = {}) {
        return folder_->filePath(QString::fromStdString(name)).toStdString();
    }
    void write(const std::string& name, const std::string& bytes) {
        QDir().mkpath(QFileInfo(QString::fromStdString(path(name))).path());
        std::ofstream(path(name), std::ios::binary) << bytes;
    }
    void picture(const std::string& name, int width = 20, int height = 10) {
        QDir().mkpath(QFileInfo(QString::fromStdString(path(name))).path());
        writePng(
            path(name),
            {width, height, std::vector<std::uint8_t>(std::size_t(width * height * 3), 90)});
    }
    std::unique_ptr<LabelledPictures> open(Split split = Split::Train, int short_side = 64) {
        return openPictures(path(), split, short_side, {});
    }
    void refused(const std::string& word, Split split = Split::Train) {
        const std::string message = messageOf([&] { open(split); });
        QVERIFY2(message.find(word) != std::string::npos, message.c_str());
        QVERIFY2(message.find(path()) != std::string::npos, message.c_str());
    }

private Q_SLOTS:
    void init() { folder_ = std::make_unique<QTemporaryDir>(); }

    void readsIdx() {
        write("train-images-idx3-ubyte", idxImages(3, 2, 4));
        write("train-labels-idx1-ubyte", idxLabels(std::string("\x02\x00\x01", 3)));
        const auto pictures = open();
        QCOMPARE(pictures->size(), std::size_t{3});
        QCOMPARE(pictures->label(0), 2);
        QCOMPARE(pictures->label(1), 0);
        QCOMPARE(pictures->classes(), (std::vector<std::string>{"0", "1", "2"}));
        const Image second = pictures->picture(1);
        QCOMPARE(second.width, 4);
        QCOMPARE(second.height, 2);
        // Gray, repeated in three channels, from the ninth byte on.
        QCOMPARE(
            std::vector<std::uint8_t>(second.pixels.begin(), second.pixels.begin() + 6),
            (std::vector<std::uint8_t>{8, 8, 8, 9, 9, 9}));
    }

    void readsPackedIdx() {
        for (const auto& [name, bytes] :
             {std::pair("t10k-images-idx3-ubyte.gz", idxImages(2, 3, 3)),
              std::pair("t10k-labels-idx1-ubyte.gz", idxLabels(std::string("\x01\x00", 2)))}) {
            gzFile file = gzopen(path(name).c_str(), "wb");
            gzwrite(file, bytes.data(), unsigned(bytes.size()));
            gzclose(file);
        }
        const auto pictures = open(Split::Test);
        QCOMPARE(pictures->size(), std::size_t{2});
        QCOMPARE(pictures->label(0), 1);
        QCOMPARE(int(pictures->picture(1).pixels[0]), 9);
        refused("cannot be read", Split::Train);

        // Cut off in the middle of the packed data.
        const std::string whole = path("t10k-images-idx3-ubyte.gz");
        std::filesystem::resize_file(whole, std::filesystem::file_size(whole) - 12);
        refused("truncated or damaged", Split::Test);
    }

    void refusesDamagedIdx_data() {
        QTest::addColumn<QByteArray>("images");
        QTest::addColumn<QByteArray>("labels");
        QTest::addColumn<QString>("word");
        const auto bytes = [](const std::string& text) { return QByteArray::fromStdString(text); };
        const QByteArray images = bytes(idxImages(3, 2, 2));
        const QByteArray labels = bytes(idxLabels(std::string(3, '\0')));
        QTest::newRow("too few labels")
            << images << bytes(idxLabels(std::string(2, '\0'))) << "expected 3 labels";
        QTest::newRow("truncated") << images.chopped(1) << labels << "expected 12 bytes";
        QTest::newRow("too long") << images + "x" << labels << "expected 12 bytes";
        QTest::newRow("short header") << images.first(9) << labels << "its header ends at byte 9";
        QTest::newRow("other magic") << bytes(idxLabels("abc")) << labels << "three-dimensional";
        QTest::newRow("labels truncated") << images << labels.chopped(1) << "expected 3 bytes";
        QTest::newRow("no pictures") << bytes(idxImages(0, 2, 2)) << labels << "expected pictures";
        QTest::newRow("promises too much") << bytes(
                                                  bigEndian(0x803) + bigEndian(0xffffffff) +
                                                  bigEndian(4096) + bigEndian(4096) + "abc")
                                           << labels << "after the header, found 3";
        QTest::newRow("empty") << QByteArray() << labels << "its header ends at byte 0";
    }
    void refusesDamagedIdx() {
        QFETCH(QByteArray, images);
        QFETCH(QByteArray, labels);
        QFETCH(QString, word);
        write("train-images-idx3-ubyte", images.toStdString());
        write("train-labels-idx1-ubyte", labels.toStdString());
        refused(word.toStdString());
    }

    void readsFolders() {
        for (int i = 0; i < 10; ++i) {
            picture("cat/" + std::to_string(i) + ".png");
        }
        picture("dog/one.png");
        picture("dog/.hidden.png");
        write("dog/notes.txt", "no picture");
        const auto train = open();
        QCOMPARE(train->classes(), (std::vector<std::string>{"cat", "dog"}));
        QCOMPARE(train->size(), std::size_t{10});
        QCOMPARE(train->label(9), 1);
        // Every tenth picture of a class tests.
        const auto test = open(Split::Test);
        QCOMPARE(test->size(), std::size_t{1});
        QCOMPARE(test->label(0), 0);
        // Large pictures are kept small.
        const Image small = open(Split::Train, 5)->picture(0);
        QCOMPARE(small.width, 10);
        QCOMPARE(small.height, 5);
    }

    void readsPartsOfFolders() {
        picture("train/a/1.png");
        picture("train/b/1.png");
        picture("val/b/2.png");
        picture("val/c/2.png");
        QCOMPARE(open()->size(), std::size_t{2});
        const auto test = open(Split::Test);
        QCOMPARE(test->size(), std::size_t{1});
        QCOMPARE(test->label(0), 1);
        QCOMPARE(test->skipped().size(), std::size_t{1});
        QVERIFY(test->skipped()[0].ends_with("val/c"));
    }

    void brokenPicturesAreSkippedAndNamed() {
        picture("cat/good.png");
        write("cat/broken.png", "no picture at all");
        const auto pictures = open();
        QCOMPARE(pictures->size(), std::size_t{1});
        QCOMPARE(pictures->skipped().size(), std::size_t{1});
        QVERIFY(pictures->skipped()[0].ends_with("cat/broken.png"));
    }

    void nothingToReadIsSaid() {
        refused("no pictures that can be read");
        write("cat/broken.png", "no picture at all");
        refused("no pictures that can be read");
        const std::string missing = path("missing");
        const std::string message = messageOf([&] { openPictures(missing, Split::Train, 64, {}); });
        QVERIFY2(message.ends_with(missing), message.c_str());
    }

    void readingIsInterrupted() {
        picture("cat/1.png");
        std::stop_source stop;
        stop.request_stop();
        Task task;
        task.stop = stop.get_token();
        try {
            openPictures(path(), Split::Train, 64, task);
            QFAIL("it was read");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Interrupted);
        }
    }
};

QTEST_APPLESS_MAIN(PicturesTest)
#include "pictures_test.moc"
