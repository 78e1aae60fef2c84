// `scenes`: cluttered scenes, masks and labels as files.

#include <csignal>
#include <fstream>

#include <QDir>
#include <QFile>
#include <QTest>
#include <sys/resource.h>

#include "core/media/image_file.h"
#include "core/media/video_reader.h"
#include "core/train/clutter.h"
#include "tests/cli/cli_process.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

std::string bigEndian(std::uint32_t value) {
    std::string bytes;
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
        bytes += static_cast<char>(value >> shift & 0xffU);
    }
    return bytes;
}

/// IDX files of that many items of 28 x 28 pixels, a bright square each, classes 0, 1, 2, 0, ...
void writeIdx(const QString& directory, const std::string& part, std::uint32_t count) {
    const std::string base = directory.toStdString() + "/" + part;
    std::string images = bigEndian(0x803) + bigEndian(count) + bigEndian(28) + bigEndian(28);
    std::string labels = bigEndian(0x801) + bigEndian(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        for (std::uint32_t at = 0; at < 28 * 28; ++at) {
            const bool inside = at / 28 >= 7 && at / 28 < 21 && at % 28 >= 7 && at % 28 < 21;
            images += static_cast<char>(inside ? 120 + 10 * (i % 12) : 0);
        }
        labels += static_cast<char>(i % 3);
    }
    std::ofstream(base + "-images-idx3-ubyte", std::ios::binary) << images;
    std::ofstream(base + "-labels-idx1-ubyte", std::ios::binary) << labels;
}

QByteArray bytesOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class ScenesTest : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> directory_;

    [[nodiscard]] QString path(const QString& name) const { return directory_->filePath(name); }
    [[nodiscard]] CliOutcome scenes(const QStringList& more = {}) const {
        return runCli(
            QStringList{"scenes", "--data", path("data"), "--output", path("out")} + more);
    }

private Q_SLOTS:
    void init() {
        directory_ = std::make_unique<QTemporaryDir>();
        QDir(directory_->path()).mkdir("data");
        writeIdx(path("data"), "t10k", 5);
        writeIdx(path("data"), "train", 4);
    }

    void writesClips() {
        const CliOutcome outcome = scenes({"--count", "2", "--frames", "5"});
        QCOMPARE(outcome.err, "");
        QCOMPARE(outcome.status, 0);
        QCOMPARE(
            outcome.out.split(u'\n', Qt::SkipEmptyParts),
            QStringList({path("out/clips"), path("out/labels.csv")}));
        QCOMPARE(filesIn(path("out/clips")), QStringList({"00000.mp4", "00001.mp4"}));
        VideoReader reader(path("out/clips/00001.mp4").toStdString());
        QCOMPARE(reader.info().width, 128);
        std::vector<Image> frames;
        while (const auto frame = reader.next()) {
            frames.push_back(frame->picture);
        }
        QCOMPARE(frames.size(), std::size_t(5));
        QVERIFY(frames.front() != frames.back());
        QCOMPARE(scenes({"--frames", "0"}).status, 2);
    }

    void writesTheFixedScenes() {
        const CliOutcome outcome = scenes({"--count", "4"});
        QCOMPARE(outcome.err, "");
        QCOMPARE(outcome.status, 0);
        QCOMPARE(
            outcome.out.split(u'\n', Qt::SkipEmptyParts),
            QStringList({path("out/images"), path("out/masks"), path("out/labels.csv")}));
        const QStringList names = {"00000.png", "00001.png", "00002.png", "00003.png"};
        QCOMPARE(filesIn(path("out")), QStringList({"images", "labels.csv", "masks"}));
        QCOMPARE(filesIn(path("out/images")), names);
        QCOMPARE(filesIn(path("out/masks")), names);
        QCOMPARE(
            bytesOf(path("out/labels.csv")),
            "file,class\n00000.png,0\n00001.png,1\n00002.png,2\n00003.png,0\n");
        // The scenes of seed 0, of the test pictures, of epoch 0.
        const auto pictures = openPictures(path("data").toStdString(), Split::Test, 32, {});
        for (std::uint64_t i = 0; i < 4; ++i) {
            const Scene scene = composeScene(*pictures, {0, 0, i}, 64);
            const QString& name = names[qsizetype(i)];
            QVERIFY(readImage(path("out/images/" + name).toStdString()) == scene.image);
            const Mask mask = readMask(path("out/masks/" + name).toStdString());
            QVERIFY(mask.values == scene.mask);
            // Gray, 0 and 255 as they are.
            const Image shown = readImage(path("out/masks/" + name).toStdString());
            QVERIFY(std::count(shown.pixels.begin(), shown.pixels.end(), 255) > 3 * 100);
            QCOMPARE(
                std::count(shown.pixels.begin(), shown.pixels.end(), 255) +
                    std::count(shown.pixels.begin(), shown.pixels.end(), 0),
                64 * 64 * 3);
        }
    }

    void optionsChangeTheScenes() {
        QCOMPARE(scenes({"--count", "2"}).status, 0);
        const QByteArray first = bytesOf(path("out/images/00000.png"));
        // Again: the same bytes, over what is there.
        QCOMPARE(scenes({"--count", "3"}).status, 0);
        QCOMPARE(bytesOf(path("out/images/00000.png")), first);
        QCOMPARE(scenes({"--count", "3", "--seed", "1"}).status, 0);
        QVERIFY(bytesOf(path("out/images/00000.png")) != first);
        QCOMPARE(scenes({"--count", "3", "--clutter", "40"}).status, 0);
        QCOMPARE(readImage(path("out/images/00002.png").toStdString()).width, 40);
        QCOMPARE(readMask(path("out/masks/00002.png").toStdString()).height, 40);
    }

    void trainingPicturesToo() {
        const CliOutcome outcome = scenes({"--split", "train"});
        QCOMPARE(outcome.status, 0);
        QCOMPARE(filesIn(path("out/images")).size(), 4);
        // Twelve were asked for.
        QVERIFY2(outcome.err.contains("only 4 pictures"), qPrintable(outcome.err));
        QVERIFY(outcome.err.contains(path("data")));
    }

    void classNamesAreQuoted() {
        for (const char* name : {"cat, tabby", "dog"}) {
            for (const char* part : {"train", "test"}) {
                const QString folder = path(QString("folder/%1/%2").arg(part, name));
                QDir().mkpath(folder);
                makePicture(folder, "a.png", 1);
            }
        }
        const CliOutcome outcome =
            runCli({"scenes", "--data", path("folder"), "--output", path("out"), "--count", "2"});
        QVERIFY2(outcome.status == 0, qPrintable(outcome.err));
        QCOMPARE(
            bytesOf(path("out/labels.csv")),
            "file,class\n00000.png,\"cat, tabby\"\n00001.png,dog\n");
    }

    void scenesOfAnotherRunAreNotMixedIn() {
        QCOMPARE(scenes({"--count", "3"}).status, 0);
        const CliOutcome outcome = scenes({"--count", "2", "--seed", "1"});
        QCOMPARE(outcome.status, 2);
        QVERIFY2(
            outcome.onlyError().endsWith(path("out/images/00002.png")), qPrintable(outcome.err));
    }

    void badInputIsSaid_data() {
        QTest::addColumn<QStringList>("more");
        QTest::addColumn<int>("status");
        QTest::addColumn<QString>("part");
        QTest::newRow("count") << QStringList{"--count", "0"} << 2 << "--count";
        QTest::newRow("split") << QStringList{"--split", "val"} << 2 << "--split";
        QTest::newRow("clutter") << QStringList{"--clutter", "-1"} << 2 << "--clutter";
        QTest::newRow("too small")
            << QStringList{"--clutter", "16", "--count", "2"} << 4 << "too small";
        QTest::newRow("no output") << QStringList{"--output", ""} << 2 << "--output";
    }
    void badInputIsSaid() {
        QFETCH(QStringList, more);
        QFETCH(int, status);
        QFETCH(QString, part);
        QStringList words = {"scenes", "--data", path("data")};
        if (!more.contains("--output")) {
            words += {"--output", path("out")};
        }
        const CliOutcome outcome = runCli(words + more);
        QCOMPARE(outcome.status, status);
        QVERIFY2(outcome.onlyError().contains(part), qPrintable(outcome.err));
        QVERIFY(!QFile::exists(path("out/labels.csv")));
    }

    void missingDataIsSaid() {
        const CliOutcome outcome =
            runCli({"scenes", "--data", path("none"), "--output", path("out")});
        QCOMPARE(outcome.status, 4);
        QVERIFY2(outcome.onlyError().endsWith(path("none")), qPrintable(outcome.err));
        QVERIFY(!QFile::exists(path("out")));
    }

    void fullDiskLeavesNothingHalf() {
        const CliOutcome outcome =
            runCli({"scenes", "--data", path("data"), "--output", path("out")}, [] {
                const rlimit limit{.rlim_cur = 2048, .rlim_max = 2048};
                ::setrlimit(RLIMIT_FSIZE, &limit);
                ::signal(SIGXFSZ, SIG_IGN);
            });
        QCOMPARE(outcome.status, 5);
        QVERIFY2(outcome.err.contains(path("out/images")), qPrintable(outcome.err));
        QCOMPARE(filesIn(path("out/images")), QStringList());
        QVERIFY(!QFile::exists(path("out/labels.csv")));
    }

    void interruptLeavesWholeFiles() {
        writeIdx(path("data"), "t10k", 20000);
        // Labels of an earlier run do not stay beside scenes of this one.
        QDir().mkpath(path("out"));
        std::ofstream(path("out/labels.csv").toStdString()) << "file,class\n00000.png,9\n";
        const CliOutcome stopped = interruptCli(
            {"scenes", "--data", path("data"), "--output", path("out"), "--count", "20000",
             "--progress"},
            "[3/");
        QCOMPARE(stopped.status, 130);
        QVERIFY2(stopped.err.contains("error: interrupted after"), qPrintable(stopped.err));
        QVERIFY(!QFile::exists(path("out/labels.csv")));
        const QStringList images = filesIn(path("out/images"));
        QVERIFY(images.size() >= 2 && images.size() < 20000);
        for (const QString& name : images) {
            QVERIFY(!name.startsWith('.'));
            QCOMPARE(readImage(path("out/images/" + name).toStdString()).width, 64);
        }
    }
};

QTEST_GUILESS_MAIN(ScenesTest)
#include "scenes_test.moc"
