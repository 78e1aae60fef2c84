#include <algorithm>
#include <cmath>
#include <filesystem>
#include <random>

#include <QTemporaryDir>
#include <QTest>

#include <opencv2/core.hpp>
#include <opencv2/videoio.hpp>

#include "core/base/error.h"
#include "core/media/packet_table.h"
#include "core/media/video_reader.h"
#include "core/media/video_writer.h"
#include "tests/support/videos.h"

using namespace vitreous;
using vitreous::test::allFrames;
using vitreous::test::movingPicture;

namespace {

const std::string kData = VITREOUS_TEST_DATA "/video/";
constexpr int kWritten = 300;

double brightness(const Image& image) {
    double sum = 0.0;
    for (const std::uint8_t value : image.pixels) {
        sum += value;
    }
    return sum / double(image.pixels.size());
}

int redAt(const Image& image, int x, int y) {
    return image.pixels[(std::size_t(y) * std::size_t(image.width) + std::size_t(x)) * 3];
}

} // namespace

class VideoReaderTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;

    std::string at(const char* name) { return folder_.filePath(name).toStdString(); }

    void write(const char* name, const char* code) {
        cv::VideoWriter writer(
            at(name), cv::CAP_FFMPEG, cv::VideoWriter::fourcc(code[0], code[1], code[2], code[3]),
            25.0, cv::Size(64, 48));
        QVERIFY(writer.isOpened());
        for (int frame = 0; frame < kWritten; ++frame) {
            Image image = movingPicture(64, 48, frame);
            writer.write(cv::Mat(48, 64, CV_8UC3, image.pixels.data()));
        }
    }

private Q_SLOTS:
    void initTestCase() {
        VideoWriter writer(at("h264.mp4"), 64, 48, 25.0);
        for (int frame = 0; frame < kWritten; ++frame) {
            writer.add(movingPicture(64, 48, frame));
        }
        writer.finish();
        write("mpeg4.avi", "XVID");
        write("mjpeg.avi", "MJPG");
        write("mpeg4.mkv", "FMP4");
    }

    void framesAreTheSameHoweverReached_data() {
        QTest::addColumn<QString>("path");
        for (const char* name : {"h264.mp4", "mpeg4.avi", "mjpeg.avi", "mpeg4.mkv"}) {
            QTest::newRow(name) << folder_.filePath(name);
        }
        for (const char* name :
             {"uneven.mp4", "uneven.mkv", "open_gop.mp4", "even.ts", "mpeg4_b.avi", "vp8.webm",
              "edited.mp4", "index_first.mp4", "corner90.mp4", "moving.gif", "hidden_vp8.webm",
              "hidden_vp9.webm", "hidden_av1.webm"}) {
            QTest::newRow(name) << QString::fromStdString(kData + name);
        }
        QTest::newRow("bike") << QString(VITREOUS_SHARED "/data/video/bike.mp4");
    }
    void framesAreTheSameHoweverReached() {
        QFETCH(QString, path);
        const std::string file = path.toStdString();
        if (!std::filesystem::exists(file)) {
            QSKIP("needs ../shared");
        }
        const std::vector<VideoFrame> frames = allFrames(file);
        QVERIFY(frames.size() > 4);
        std::mt19937 random(7);
        // A reader that knows all frames, and ones that know none yet.
        VideoReader learned(file);
        while (learned.skip()) {
        }
        QVERIFY(learned.info().is_exact);
        QCOMPARE(learned.info().frames, std::int64_t(frames.size()));
        QCOMPARE(learned.loss(), std::string());
        for (int reader = 0; reader < 6; ++reader) {
            VideoReader fresh(file);
            for (int times = 0; times < 8; ++times) {
                const std::size_t wanted = random() % frames.size();
                VideoReader& used = reader % 2 == 0 ? learned : fresh;
                used.seek({wanted});
                // The place goes on in order.
                for (std::size_t i = wanted; i < std::min(wanted + 3, frames.size()); ++i) {
                    const std::optional<VideoFrame> frame = used.next();
                    QVERIFY(frame.has_value());
                    QCOMPARE(frame->index.value, i);
                    QCOMPARE(frame->time_secs, frames[i].time_secs);
                    QVERIFY(frame->picture == frames[i].picture);
                }
            }
        }
    }

    void everyFrameIsReachedFromAnyOther() {
        const std::string file = kData + "uneven.mp4";
        const std::vector<VideoFrame> frames = allFrames(file);
        VideoReader reader(file);
        for (std::size_t i = frames.size(); i-- > 0;) {
            reader.seek({i});
            const std::optional<VideoFrame> frame = reader.next();
            QVERIFY(frame.has_value());
            QVERIFY(*frame == frames[i]);
        }
    }

    void framesComeInOrderOfShowing_data() {
        QTest::addColumn<QString>("name");
        for (const char* name :
             {"uneven.mp4", "uneven.mkv", "open_gop.mp4", "even.ts", "mpeg4_b.avi", "vp8.webm"}) {
            QTest::newRow(name) << name;
        }
    }
    void framesComeInOrderOfShowing() {
        QFETCH(QString, name);
        const std::vector<VideoFrame> frames = allFrames(kData + name.toStdString());
        QCOMPARE(frames.size(), std::size_t(name == "even.ts" ? 60 : 120));
        for (std::size_t i = 1; i < frames.size(); ++i) {
            QVERIFY(brightness(frames[i].picture) > brightness(frames[i - 1].picture));
            QVERIFY(frames[i].time_secs > frames[i - 1].time_secs);
        }
    }

    void timesAreThoseOfShowing() {
        for (const char* name : {"uneven.mp4", "uneven.mkv"}) {
            const std::vector<VideoFrame> frames = allFrames(kData + name);
            for (std::size_t i = 0; i < frames.size(); ++i) {
                // As make.sh has it.
                const auto due = double(i * 40 + i / 7 * 120 + i / 50 * 800) / 1000.0;
                QVERIFY(std::abs(frames[i].time_secs - due) < 0.0005);
            }
            // They are known without a frame being decoded.
            const std::vector<double> told = VideoReader(kData + name).containerTimes();
            QCOMPARE(told.size(), frames.size());
            for (std::size_t i = 0; i < frames.size(); ++i) {
                QCOMPARE(told[i], frames[i].time_secs);
            }
        }
        const std::vector<VideoFrame> even = allFrames(kData + "mpeg4_b.avi");
        for (std::size_t i = 0; i < even.size(); ++i) {
            QVERIFY(std::abs(even[i].time_secs - double(i) / 25.0) < 0.0005);
        }
    }

    void aVideoIsDescribed() {
        const VideoReader reader(at("h264.mp4"));
        const VideoInfo& info = reader.info();
        QCOMPARE(info.width, 64);
        QCOMPARE(info.height, 48);
        QCOMPARE(info.frames, std::int64_t{kWritten});
        QVERIFY(!info.is_exact);
        QCOMPARE(info.frames_per_second, 25.0);
        QVERIFY(std::abs(info.duration_secs - 12.0) < 1e-6);
        QCOMPARE(info.codec, std::string("h264"));
        QCOMPARE(VideoReader(at("mjpeg.avi")).info().codec, std::string("mjpeg"));
        QCOMPARE(VideoReader(kData + "vp8.webm").info().codec, std::string("vp8"));
        // The mean, where frames come unevenly: the container only knows the smallest step.
        const VideoReader uneven(kData + "uneven.mkv");
        QVERIFY(std::abs(uneven.info().frames_per_second - 119.0 / 8.4) < 0.01);
    }

    void framesThatAnEditHidesAreNone() {
        VideoReader reader(kData + "edited.mp4");
        const std::int64_t told = reader.info().frames;
        const std::vector<VideoFrame> whole = allFrames(kData + "open_gop.mp4");
        const std::vector<VideoFrame> frames = allFrames(kData + "edited.mp4");
        QCOMPARE(std::int64_t(frames.size()), told);
        QVERIFY(frames.size() < whole.size());
        QVERIFY(frames.back().picture == whole.back().picture);
        QCOMPARE(reader.loss(), std::string());
    }

    void framesThatTheCodecHidesAreNone_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"hidden_vp8.webm", "hidden_vp9.webm", "hidden_av1.webm"}) {
            QTest::newRow(name) << name;
        }
    }
    void framesThatTheCodecHidesAreNone() {
        QFETCH(QString, name);
        VideoReader reader(kData + name.toStdString());
        QCOMPARE(reader.info().frames, std::int64_t(100));
        QCOMPARE(reader.info().frames_per_second, 25.0);
        QVERIFY(std::abs(reader.info().duration_secs - 4.0) < 0.0015);
        std::size_t read = 0;
        for (; const std::optional<VideoFrame> frame = reader.next(); ++read) {
            QVERIFY(std::abs(frame->time_secs - double(read) / 25.0) < 0.0015);
        }
        QCOMPARE(read, std::size_t(100));
        QCOMPARE(reader.loss(), std::string());
    }

    void pixelsAreTheWritersOnes() {
        const std::vector<VideoFrame> frames = allFrames(at("mjpeg.avi"));
        QCOMPARE(frames.size(), std::size_t{kWritten});
        const Image& picture = frames[100].picture;
        // Written as B, G, R of what movingPicture() takes for R, G, B.
        const std::size_t middle = (24 * 64 + 32) * 3;
        const Image original = movingPicture(64, 48, 100);
        QVERIFY(std::abs(picture.pixels[middle] - original.pixels[middle + 2]) < 24);
        QVERIFY(std::abs(picture.pixels[middle + 2] - original.pixels[middle]) < 24);
    }

    void picturesStandUpright_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("turned");
        QTest::addColumn<int>("corner"); // where the top left quarter goes: clockwise from top left
        QTest::newRow("0") << "corner.mp4" << 0 << 0;
        // As FFmpeg shows them: a tag of 90 turns to the left.
        QTest::newRow("90") << "corner90.mp4" << 270 << 3;
        QTest::newRow("180") << "corner180.mp4" << 180 << 2;
        QTest::newRow("270") << "corner270.mp4" << 90 << 1;
    }
    void picturesStandUpright() {
        QFETCH(QString, name);
        QFETCH(int, turned);
        QFETCH(int, corner);
        VideoReader reader(kData + name.toStdString());
        QCOMPARE(reader.info().rotation_degrees, turned);
        const bool lies = turned % 180 != 0;
        QCOMPARE(reader.info().width, lies ? 48 : 64);
        QCOMPARE(reader.info().height, lies ? 64 : 48);
        const std::optional<VideoFrame> frame = reader.next();
        QVERIFY(frame.has_value());
        const Image& image = frame->picture;
        QCOMPARE(image.width, reader.info().width);
        QCOMPARE(image.height, reader.info().height);
        const int right = image.width - 4;
        const int bottom = image.height - 4;
        const std::array<int, 4> corners = {
            redAt(image, 4, 4), redAt(image, right, 4), redAt(image, right, bottom),
            redAt(image, 4, bottom)};
        for (int i = 0; i < 4; ++i) {
            QCOMPARE(corners[std::size_t(i)] > 200, i == corner);
            QCOMPARE(corners[std::size_t(i)] < 50, i != corner);
        }
    }

    void oddSizesAndDeepOrGrayPixelsAreRgb() {
        const std::vector<VideoFrame> odd = allFrames(kData + "odd.mp4");
        QCOMPARE(odd.size(), std::size_t(10));
        QCOMPARE(odd[0].picture.width, 65);
        QCOMPARE(odd[0].picture.height, 49);
        QCOMPARE(odd[0].picture.pixels.size(), std::size_t(65 * 49 * 3));
        for (const char* name : {"deep.mp4", "gray.mp4"}) {
            const std::vector<VideoFrame> frames = allFrames(kData + name);
            QCOMPARE(frames.size(), std::size_t(10));
            for (std::size_t i = 1; i < frames.size(); ++i) {
                QVERIFY(brightness(frames[i].picture) > brightness(frames[i - 1].picture));
            }
            // What make.sh draws: brighter to the right and downwards.
            QVERIFY(redAt(frames[0].picture, 60, 44) > redAt(frames[0].picture, 2, 2) + 10);
        }
    }

    void behindTheEndIsNothing() {
        VideoReader reader(at("h264.mp4"));
        reader.seek({kWritten + 500});
        QVERIFY(!reader.next().has_value());
        QCOMPARE(reader.info().frames, std::int64_t{kWritten});
        reader.seek({5});
        const std::optional<VideoFrame> frame = reader.next();
        QVERIFY(frame.has_value());
        QCOMPARE(frame->index.value, std::size_t(5));
        reader.seek({kWritten});
        QVERIFY(!reader.skip());
        QVERIFY(!reader.next().has_value());
    }

    void aStopEndsReading() {
        std::stop_source stop;
        VideoReader reader(at("h264.mp4"), Task{stop.get_token(), {}});
        QVERIFY(reader.next().has_value());
        stop.request_stop();
        try {
            while (reader.skip()) {
            }
            QFAIL("it was read to the end");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Interrupted);
        }
    }

    void aStopEndsOpening() {
        std::stop_source stop;
        stop.request_stop();
        for (const char* name : {"open_gop.mp4", "sound.mp4", "there is none.mp4"}) {
            try {
                VideoReader reader(kData + name, Task{stop.get_token(), {}});
                QFAIL("it was opened");
            } catch (const Error& error) {
                QCOMPARE(error.code(), ErrorCode::Interrupted);
            }
        }
        // Within the reading of packets: at the first one, not some hundreds later.
        int asked = 0;
        const PacketTable all = readPacketTable(at("h264.mp4"), [&asked] { return ++asked > 0; });
        QCOMPARE(all.packets, std::int64_t{kWritten});
        QVERIFY(asked > kWritten);
        const int enough = asked - 100;
        asked = 0;
        const PacketTable some =
            readPacketTable(at("h264.mp4"), [&asked, enough] { return ++asked < enough; });
        QVERIFY(some.packets < kWritten);
        QVERIFY(some.packets >= kWritten - 100);
        QCOMPARE(asked, enough);
    }

    void aSeekThatIsGivenUpLeavesTheReaderUsable() {
        VideoReader reader(at("h264.mp4"));
        std::stop_source given_up;
        given_up.request_stop();
        reader.seek({250}, given_up.get_token());
        reader.seek({7});
        const std::optional<VideoFrame> frame = reader.next();
        QVERIFY(frame.has_value());
        QCOMPARE(frame->index.value, std::size_t(7));
        QVERIFY(frame->picture == allFrames(at("h264.mp4"))[7].picture);
    }
};

QTEST_GUILESS_MAIN(VideoReaderTest)
#include "video_reader_test.moc"
