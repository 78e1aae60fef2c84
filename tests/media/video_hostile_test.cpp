#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <opencv2/core.hpp>
#include <opencv2/videoio.hpp>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/error.h"
#include "core/media/image_file.h"
#include "core/media/video_reader.h"
#include "core/media/video_writer.h"
#include "tests/support/videos.h"

using namespace vitreous;
using vitreous::test::allFrames;
using vitreous::test::movingPicture;

namespace {

namespace fs = std::filesystem;

const std::string kData = VITREOUS_TEST_DATA "/video/";

std::string bytesOf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// An AVI of MJPEG, whose frames stand by themselves.
void writePictures(const std::string& path, int frames) {
    cv::VideoWriter writer(
        path, cv::CAP_FFMPEG, cv::VideoWriter::fourcc('M', 'J', 'P', 'G'), 10.0, {64, 48});
    for (int frame = 0; frame < frames; ++frame) {
        const Image picture = movingPicture(64, 48, frame);
        cv::Mat bytes(48, 64, CV_8UC3);
        std::copy(picture.pixels.begin(), picture.pixels.end(), bytes.data);
        writer.write(bytes);
    }
}

/// Zeros over a fifth of what an MP4's frames are in, or of the frames of an AVI, from so many
/// hundredths on.
std::string withHole(std::string bytes, int from) {
    const std::size_t pictures = bytes.find("movi");
    if (pictures == std::string::npos) {
        const std::size_t at = bytes.find("mdat");
        const std::size_t length = std::min(bytes.find("moov", at), bytes.size()) - at;
        std::fill_n(
            bytes.begin() + std::ptrdiff_t(at + length * std::size_t(from) / 100),
            std::ptrdiff_t(length / 5), '\0');
        return bytes;
    }
    std::vector<std::pair<std::size_t, std::size_t>> frames; // where, and how long
    const std::size_t end = bytes.find("idx1");
    for (std::size_t at = bytes.find("00dc", pictures); at < end; at = bytes.find("00dc", at)) {
        const std::size_t length =
            std::uint8_t(bytes[at + 4]) | std::size_t{std::uint8_t(bytes[at + 5])} << 8U;
        frames.emplace_back(at + 8, length);
        at += 8 + length;
    }
    const std::size_t first = frames.size() * std::size_t(from) / 100;
    for (std::size_t i = first; i < first + frames.size() / 5; ++i) {
        std::fill_n(
            bytes.begin() + std::ptrdiff_t(frames[i].first), std::ptrdiff_t(frames[i].second),
            '\0');
    }
    return bytes;
}

} // namespace

class VideoHostileTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;

    std::string file(const std::string& name, const std::string& bytes) {
        std::string path = folder_.filePath(QString::fromStdString(name)).toStdString();
        std::ofstream(path, std::ios::binary).write(bytes.data(), std::streamsize(bytes.size()));
        return path;
    }

    static void refused(const std::string& path, const std::string& word) {
        try {
            VideoReader reader(path);
            QFAIL("it was opened");
        } catch (const Error& error) {
            const std::string message = error.what();
            QCOMPARE(error.code(), ErrorCode::Input);
            QVERIFY2(message.find(word) != std::string::npos, message.c_str());
            QVERIFY2(message.ends_with(path), message.c_str());
            QVERIFY(message.find('\n') == std::string::npos);
        }
    }

    /// Reads in order and at places; how many frames came.
    static std::size_t readThrough(const std::string& path) {
        try {
            const std::size_t frames = allFrames(path).size();
            VideoReader reader(path);
            for (const std::size_t place : {frames, frames / 2, std::size_t(1)}) {
                reader.seek({place});
                reader.next();
            }
            return frames;
        } catch (const Error& error) {
            if (error.code() != ErrorCode::Input) {
                qFatal("%s", error.what());
            }
            return 0;
        }
    }

private Q_SLOTS:
    void whatIsNoVideoIsRefused() {
        refused(folder_.filePath("none.mp4").toStdString(), "there is no such file");
        refused(folder_.path().toStdString(), "is no regular file");
        refused(file("empty.mp4", ""), "empty");
        refused(file("text.mp4", "just some words\n"), "is no video");
        refused(kData + "sound.mp4", "no video can be read from it");
        refused(kData + "cover.m4a", "cover picture");
    }

    void picturesAreRefused() {
        const std::string png = folder_.filePath("picture.png").toStdString();
        writePng(png, movingPicture(32, 24, 3));
        refused(file("png.mp4", bytesOf(png)), "a picture, not a video");
        const std::string images = VITREOUS_TEST_DATA "/media/";
        for (const char* name : {"plain.jpg", "rgb.bmp", "rgb.tiff", "rgb.webp", "rgb.ppm"}) {
            refused(file(std::string(name) + ".mp4", bytesOf(images + name)), "a picture, not");
        }
        refused(kData + "still.gif", "a picture, not a video");
        QCOMPARE(allFrames(kData + "moving.gif").size(), std::size_t(5));
    }

    void textThatNamesOtherFilesIsNotFollowed() {
        const std::string target = kData + "index_first.mp4";
        refused(file("list.mp4", "ffconcat version 1.0\nfile '" + target + "'\n"), "is no video");
        refused(file("list.avi", "#EXTM3U\n#EXTINF:1,\n" + target + "\n"), "is no video");
        // A name that FFmpeg would take for a protocol.
        const fs::path here = fs::current_path();
        fs::current_path(folder_.path().toStdString());
        file("concat:clip.mp4", bytesOf(target));
        const std::size_t frames = allFrames("concat:clip.mp4").size();
        fs::current_path(here);
        QCOMPARE(frames, std::size_t(60));
    }

    void whatIsReadableOfACutFileIsRead() {
        const std::string whole = bytesOf(kData + "index_first.mp4");
        const std::vector<VideoFrame> frames = allFrames(kData + "index_first.mp4");
        const std::string cut = file("cut.mp4", whole.substr(0, whole.size() - 500));
        VideoReader reader(cut);
        std::size_t read = 0;
        while (const std::optional<VideoFrame> frame = reader.next()) {
            QVERIFY(frame->index.value < frames.size());
            ++read;
        }
        QVERIFY(read > 10);
        QVERIFY(read < frames.size());
        QVERIFY(reader.info().is_exact);
        QCOMPARE(reader.info().frames, std::int64_t(read));
        QCOMPARE(
            reader.loss(), "frames " + std::to_string(read + 1) +
                               " to 60 of 60 could not be read: the file ends early");
    }

    void aFileWithoutItsIndexIsRefused() {
        std::string whole = bytesOf(kData + "open_gop.mp4"); // its index stands at the end
        refused(file("tail.mp4", whole.substr(0, whole.size() - 40)), "truncated");
        refused(file("no_tail.mp4", whole.substr(0, 2000)), "truncated");
    }

    void aCutAviIsReadAndTheLossSaid() {
        const std::string whole = bytesOf(kData + "mpeg4_b.avi");
        const std::string cut = file("cut.avi", whole.substr(0, whole.size() / 2));
        VideoReader reader(cut);
        while (reader.skip()) {
        }
        QVERIFY(reader.info().frames > 20);
        QVERIFY(reader.info().frames < 100);
        QVERIFY2(
            QString::fromStdString(reader.loss())
                .endsWith("could not be read: the file ends early"),
            reader.loss().c_str());
    }

    /// MJPEG, whose frames stand by themselves: what FFmpeg corrects the duration of.
    void aCutAviOfWholePicturesSaysItsLoss() {
        const std::string path = folder_.filePath("pictures.avi").toStdString();
        writePictures(path, 60);
        const std::string whole = bytesOf(path);
        QCOMPARE(VideoReader(path).loss(), std::string());
        VideoReader reader(file("cut_pictures.avi", whole.substr(0, whole.size() / 2)));
        QVERIFY(reader.info().frames > 10 && reader.info().frames < 60);
        QCOMPARE(
            reader.loss(), "frames " + std::to_string(reader.info().frames + 1) +
                               " to 60 of 60 could not be read: the file ends early");
    }

    void aCutTransportStreamSaysItsLoss() {
        const std::string whole = bytesOf(kData + "even.ts");
        QCOMPARE(whole.size() % 188, std::size_t(0));
        QCOMPARE(VideoReader(kData + "even.ts").loss(), std::string());
        VideoReader reader(file("cut.ts", whole.substr(0, whole.size() * 6 / 10 / 188 * 188 + 7)));
        QVERIFY(reader.info().frames > 5);
        QCOMPARE(
            reader.loss(), "what comes behind frame " + std::to_string(reader.info().frames) +
                               " could not be read: the file ends early");
    }

    void readingGoesOnBehindDamage() {
        const std::string path = folder_.filePath("long.mp4").toStdString();
        VideoWriter writer(path, 64, 48, 25.0);
        for (int frame = 0; frame < 300; ++frame) {
            writer.add(movingPicture(64, 48, frame));
        }
        writer.finish();
        const std::vector<VideoFrame> frames = allFrames(path);
        std::string bytes = bytesOf(path);
        const std::size_t data = bytes.find("mdat");
        const std::size_t index = bytes.find("moov");
        QVERIFY(data != std::string::npos && index != std::string::npos && index > data);
        const std::size_t length = index - data;
        // The lengths of the frames' parts are overwritten too.
        std::fill_n(
            bytes.begin() + std::ptrdiff_t(data + length / 3), std::ptrdiff_t(length / 20), '\xff');
        const std::string damaged = file("damaged.mp4", bytes);
        VideoReader reader(damaged);
        std::vector<VideoFrame> read;
        while (std::optional<VideoFrame> frame = reader.next()) {
            read.push_back(std::move(*frame));
        }
        QVERIFY(read.size() < frames.size());
        QVERIFY(read.size() > frames.size() / 2);
        QVERIFY(read.front().picture == frames.front().picture);
        QVERIFY(read.back().picture == frames.back().picture);
        const QString loss = QString::fromStdString(reader.loss());
        QVERIFY2(
            loss.startsWith(QString("%1 of 300 frames could not be read: the file is damaged")
                                .arg(300 - read.size())),
            reader.loss().c_str());
        // The same frames by seeking.
        for (const std::size_t place : {read.size() - 1, read.size() / 2, std::size_t(3)}) {
            reader.seek({place});
            const std::optional<VideoFrame> frame = reader.next();
            QVERIFY(frame.has_value());
            QVERIFY(*frame == read[place]);
        }
    }

    void framesBehindDamageHaveTheirTimes_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("from"); // in hundredths
        QTest::newRow("H.264") << "" << 40;
        QTest::newRow("not where seeking looks first") << "pictures.avi" << 26;
        QTest::newRow("frames out of order") << "open_gop.mp4" << 40;
        QTest::newRow("uneven") << "uneven.mp4" << 40;
        QTest::newRow("only times of decoding") << "mpeg4_b.avi" << 40;
    }
    void framesBehindDamageHaveTheirTimes() {
        QFETCH(QString, name);
        QFETCH(int, from);
        std::string whole = kData + name.toStdString();
        if (name.isEmpty()) {
            whole = folder_.filePath("times.mp4").toStdString();
            VideoWriter writer(whole, 64, 48, 25.0);
            for (int frame = 0; frame < 300; ++frame) {
                writer.add(movingPicture(64, 48, frame));
            }
            writer.finish();
        } else if (name == "pictures.avi") {
            whole = folder_.filePath(name).toStdString();
            writePictures(whole, 600);
        }
        const std::vector<VideoFrame> frames = allFrames(whole);
        const std::string damaged = file("hole.bin", withHole(bytesOf(whole), from));
        const std::vector<VideoFrame> read = allFrames(damaged);
        QVERIFY(read.size() < frames.size() - 10);
        for (std::size_t i = 1; i < read.size(); ++i) {
            QVERIFY(read[i].time_secs >= read[i - 1].time_secs);
        }
        // The frames from the first and from the last one on that are as in the whole file.
        std::size_t before = 0;
        for (; read[before].picture == frames[before].picture; ++before) {
            QCOMPARE(read[before].time_secs, frames[before].time_secs);
        }
        std::size_t behind = 0;
        for (; read[read.size() - 1 - behind].picture == frames[frames.size() - 1 - behind].picture;
             ++behind) {
            QCOMPARE(
                read[read.size() - 1 - behind].time_secs,
                frames[frames.size() - 1 - behind].time_secs);
        }
        QVERIFY2(before > 20 && behind > 20, std::to_string(behind).c_str());
        // However they are reached.
        for (const std::size_t tenths : {9, 5, 3, 7}) {
            VideoReader fresh(damaged);
            fresh.seek({read.size() * tenths / 10});
            const std::optional<VideoFrame> frame = fresh.next();
            QVERIFY(frame.has_value());
            QVERIFY(*frame == read[read.size() * tenths / 10]);
        }
    }

    void framesOfSeveralSizesAreRefused_data() {
        QTest::addColumn<QString>("name");
        for (const char* name :
             {"shrinks.ts", "shrinks_libvpx-vp9.mkv", "shrinks_libvpx.mkv",
              "shrinks_libaom-av1.mkv", "shrinks_libx264.mkv", "shrinks_flv.mkv",
              "shrinks_prores.mkv"}) {
            QTest::newRow(name) << name;
        }
    }
    void framesOfSeveralSizesAreRefused() {
        QFETCH(QString, name);
        refused(kData + name.toStdString(), "change their size");
    }

    void boxesWithoutEndAreRefused() {
        std::string bytes = std::string("\0\0\0\x08", 4) + "free";
        while (bytes.size() < 8'000'000) {
            bytes += bytes;
        }
        const std::string index = bytesOf(kData + "open_gop.mp4");
        QVERIFY(hasMovieIndex(file("few.mp4", bytes.substr(0, 8 * 1000) + index)));
        QVERIFY(!hasMovieIndex(file("boxes.mp4", bytes + index)));
        refused(folder_.filePath("boxes.mp4").toStdString(), "truncated");
    }

    void absurdSizesAreRefused() {
        std::string bytes = bytesOf(kData + "mpeg4_b.avi");
        const std::size_t format = bytes.find("strf");
        QVERIFY(format != std::string::npos);
        // 40000 x 40000, the lowest byte first.
        bytes.replace(format + 12, 8, std::string("\x40\x9c\0\0\x40\x9c\0\0", 8));
        const std::string path = file("huge.avi", bytes);
        try {
            VideoReader reader(path); // FFmpeg may go by what the frames say
            QVERIFY(reader.info().width <= 16384 && reader.info().height <= 16384);
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Input);
            QVERIFY(std::string(error.what()).ends_with(path));
        }
    }

    void absurdRatesBecomeUsualOnes_data() {
        QTest::addColumn<unsigned>("scale");
        QTest::addColumn<unsigned>("rate");
        QTest::newRow("0 / 0") << 0U << 0U;
        QTest::newRow("0 a second") << 1U << 0U;
        QTest::newRow("endless") << 0U << 25U;
        QTest::newRow("90000 a second") << 1U << 90'000U;
        QTest::newRow("4 thousand million a second") << 1U << 0xffffffffU;
        QTest::newRow("one in a century") << 0xffffffffU << 1U;
    }
    void absurdRatesBecomeUsualOnes() {
        QFETCH(unsigned, scale);
        QFETCH(unsigned, rate);
        std::string bytes = bytesOf(kData + "mpeg4_b.avi");
        const std::size_t header = bytes.find("strh");
        QVERIFY(header != std::string::npos);
        for (int i = 0; i < 4; ++i) {
            bytes[header + 28 + std::size_t(i)] = static_cast<char>(scale >> (8 * i) & 0xffU);
            bytes[header + 32 + std::size_t(i)] = static_cast<char>(rate >> (8 * i) & 0xffU);
        }
        const std::string path = file("rate.avi", bytes);
        VideoReader reader(path);
        const VideoInfo info = reader.info();
        QVERIFY(info.frames_per_second > 0.0 && info.frames_per_second <= 1000.0);
        QVERIFY(info.duration_secs >= 0.0 && info.duration_secs < 1e9);
        const std::vector<VideoFrame> frames = allFrames(path);
        QVERIFY(frames.size() > 100);
        for (std::size_t i = 1; i < frames.size(); ++i) {
            QVERIFY(frames[i].time_secs >= frames[i - 1].time_secs);
        }
        reader.seek({90});
        const std::optional<VideoFrame> frame = reader.next();
        QVERIFY(frame.has_value());
        QVERIFY(*frame == frames[90]);
    }

    void aCountThatLiesIsMended() {
        std::string bytes = bytesOf(kData + "mpeg4_b.avi");
        const std::size_t header = bytes.find("strh");
        bytes[header + 40] = static_cast<char>(200); // frames, of which there are 120
        VideoReader reader(file("lie.avi", bytes));
        while (reader.skip()) {
        }
        QVERIFY(reader.info().is_exact);
        QCOMPARE(reader.info().frames, std::int64_t(120));
    }

    void everyCutIsReadOrRefused_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("step");
        QTest::newRow("index first") << "index_first.mp4" << 37;
        QTest::newRow("index last") << "corner.mp4" << 41;
        QTest::newRow("avi") << "mpeg4_b.avi" << 211;
        QTest::newRow("matroska") << "uneven.mkv" << 67;
        QTest::newRow("transport stream") << "even.ts" << 197;
        QTest::newRow("gif") << "moving.gif" << 29;
    }
    void everyCutIsReadOrRefused() {
        QFETCH(QString, name);
        QFETCH(int, step);
        const std::string whole = bytesOf(kData + name.toStdString());
        const std::size_t all = readThrough(kData + name.toStdString());
        QVERIFY(all > 0);
        for (std::size_t length = 0; length < whole.size(); length += std::size_t(step)) {
            const std::size_t frames = readThrough(file("cut.bin", whole.substr(0, length)));
            QVERIFY(frames <= all);
        }
    }

    void damagedBytesAreReadOrRefused() {
        std::mt19937 random(3);
        for (const char* name : {"index_first.mp4", "mpeg4_b.avi", "uneven.mkv", "even.ts"}) {
            const std::string whole = bytesOf(kData + name);
            for (int round = 0; round < 60; ++round) {
                std::string bytes = whole;
                for (int i = 0; i < 12; ++i) {
                    bytes[random() % bytes.size()] = static_cast<char>(random());
                }
                QVERIFY(readThrough(file("damaged.bin", bytes)) < 100'000);
            }
        }
    }

    void aFileThatGrowsIsReadAsItWasOpened() {
        const std::string whole = bytesOf(kData + "even.ts");
        const std::size_t half = whole.size() / 2 / 188 * 188;
        const std::string path = file("grows.ts", whole.substr(0, half));
        VideoReader reader(path);
        const std::int64_t told = reader.info().frames;
        QVERIFY(told > 10 && told < 60);
        std::ofstream more(path, std::ios::binary | std::ios::app);
        std::int64_t read = 0;
        std::size_t at = half;
        while (reader.next()) {
            ++read;
            QVERIFY(read < 1000);
            const std::size_t part = std::min<std::size_t>(188 * 4, whole.size() - at);
            more.write(whole.data() + at, std::streamsize(part)).flush();
            at += part;
        }
        QVERIFY(read >= told - 1);
        QVERIFY(read <= told);
        QVERIFY(reader.info().is_exact);
    }

    void nothingIsWrittenToTheErrorStream() {
        const std::string log = folder_.filePath("stderr.txt").toStdString();
        std::fflush(stderr);
        const int kept = dup(STDERR_FILENO);
        const int into = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        dup2(into, STDERR_FILENO);
        const std::string whole = bytesOf(kData + "index_first.mp4");
        readThrough(file("quiet.mp4", whole.substr(0, whole.size() - 500)));
        std::string bytes = whole;
        std::fill_n(bytes.end() - 1200, 300, '\x55');
        readThrough(file("noisy.mp4", bytes));
        readThrough(file("headless.mp4", whole.substr(0, 300)));
        readThrough(kData + "sound.mp4");
        dup2(kept, STDERR_FILENO);
        ::close(kept);
        ::close(into);
        QCOMPARE(bytesOf(log), std::string());
    }
};

QTEST_GUILESS_MAIN(VideoHostileTest)
#include "video_hostile_test.moc"
