#include <chrono>
#include <fstream>
#include <thread>

#include <sys/resource.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/error.h"
#include "core/media/frame_sampling.h"
#include "core/media/frame_stream.h"
#include "core/media/video_writer.h"
#include "tests/support/videos.h"

using namespace vitreous;
using vitreous::test::allFrames;
using vitreous::test::movingPicture;

namespace {

const std::string kData = VITREOUS_TEST_DATA "/video/";

std::int64_t peakMemoryBytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return std::int64_t(usage.ru_maxrss) * 1024;
}

} // namespace

class FrameStreamTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;

private Q_SLOTS:
    void wantedFramesComeInTheirOrder() {
        const std::string path = kData + "uneven.mp4";
        const std::vector<VideoFrame> frames = allFrames(path);
        const std::vector<FrameIndex> wanted = {{5}, {6}, {100}, {3}, {3}, {119}, {500}, {0}};
        FrameStream stream(path, wanted, 2);
        for (const FrameIndex index : wanted) {
            if (index.value >= frames.size()) {
                continue; // left out
            }
            const std::optional<VideoFrame> frame = stream.next();
            QVERIFY(frame.has_value());
            QVERIFY(*frame == frames[index.value]);
        }
        QVERIFY(!stream.next().has_value());
        QVERIFY(!stream.next().has_value());
        QVERIFY(stream.info().has_value());
        QCOMPARE(stream.loss(), std::string());
    }

    void theNewestRequestWins() {
        const std::string path = kData + "open_gop.mp4";
        const std::vector<VideoFrame> frames = allFrames(path);
        FrameStream stream(path, everyNth(120, 1), 4);
        QVERIFY(*stream.next() == frames[0]);
        for (std::size_t round = 0; round < 50; ++round) {
            const std::size_t place = round * 37 % 118;
            stream.want({{place}, {place + 1}});
            if (round % 3 == 0) {
                continue; // asked anew at once
            }
            QVERIFY(*stream.next() == frames[place]);
            QVERIFY(*stream.next() == frames[place + 1]);
            QVERIFY(!stream.next().has_value());
        }
        stream.want({});
        QVERIFY(!stream.next().has_value());
    }

    void aRequestWakesWhoWaits() {
        FrameStream stream(kData + "open_gop.mp4", everyNth(120, 1), 1);
        std::jthread taker([&stream] {
            while (stream.next()) {
            }
        });
        stream.want({{7}});
        taker.join(); // at the end of the newest request
        stream.want({{8}});
        QCOMPARE(stream.next()->index.value, std::size_t(8));
    }

    void errorsTravel() {
        FrameStream stream(kData + "sound.mp4", {{0}});
        for (int times = 0; times < 2; ++times) {
            try {
                stream.next();
                QFAIL("there was a frame");
            } catch (const Error& error) {
                QCOMPARE(error.code(), ErrorCode::Input);
            }
        }
        stream.want({{1}});
        try {
            stream.next();
            QFAIL("there was a frame");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Input);
        }
    }

    void aStopWakesWhoWaits() {
        // A frame that takes long: far behind, of a video that is read in order.
        const std::string path = folder_.filePath("far.mp4").toStdString();
        constexpr std::size_t frames = 4000;
        {
            VideoWriter writer(path, 320, 240, 25.0);
            for (std::size_t frame = 0; frame < frames; ++frame) {
                writer.add(movingPicture(320, 240, int(frame)));
            }
            writer.finish();
        }
        std::stop_source stop;
        FrameStream stream(path, everyNth(frames, 1), 2, stop.get_token());
        QVERIFY(stream.next().has_value());
        std::jthread stopper([&stop] {
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            stop.request_stop();
        });
        std::size_t taken = 1;
        try {
            while (stream.next()) {
                ++taken;
            }
            QFAIL("it came to the end");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Interrupted);
        }
        QVERIFY(taken < frames);
        // Again, and after another request.
        stream.want({{0}});
        QVERIFY_THROWS_EXCEPTION(Error, stream.next());
    }

    void aStopBeforehandEndsAll() {
        std::stop_source stop;
        stop.request_stop();
        FrameStream stream(kData + "open_gop.mp4", everyNth(120, 1), 2, stop.get_token());
        QVERIFY_THROWS_EXCEPTION(Error, stream.next());
    }

    void lossesAreSaid() {
        std::ifstream file(kData + "index_first.mp4", std::ios::binary);
        std::string bytes{std::istreambuf_iterator<char>(file), {}};
        const std::string cut = folder_.filePath("cut.mp4").toStdString();
        std::ofstream(cut, std::ios::binary)
            .write(bytes.data(), std::streamsize(bytes.size() - 500));
        FrameStream stream(cut, everyNth(60, 1));
        while (stream.next()) {
        }
        QVERIFY(stream.loss().find("to 60 of 60 could not be read") != std::string::npos);
    }

    void itStopsInTheMiddle() {
        for (int times = 0; times < 20; ++times) {
            FrameStream stream(kData + "uneven.mkv", everyNth(120, 1), 1);
            if (times % 2 == 0) {
                stream.next();
            }
        }
        // Pictures wait that nobody takes.
        FrameStream full(kData + "uneven.mkv", everyNth(120, 1), 3);
        QVERIFY(full.next().has_value());
    }

    void tenMinutesStayWithinTheBound() {
        constexpr int width = 320;
        constexpr int height = 240;
        constexpr int frames = 15'000;
        constexpr std::size_t queue = 8;
        const std::string path = folder_.filePath("long.mp4").toStdString();
        {
            VideoWriter writer(path, width, height, 25.0);
            Image flat{width, height, std::vector<std::uint8_t>(width * height * 3)};
            for (int frame = 0; frame < frames; ++frame) {
                std::fill(flat.pixels.begin(), flat.pixels.end(), std::uint8_t(frame % 200 + 20));
                writer.add(flat);
            }
            writer.finish();
        }
        // What opening and decoding takes is there before: the first frames.
        {
            FrameStream warm(path, everyNth(64, 1), queue);
            while (warm.next()) {
            }
        }
        const std::int64_t before = peakMemoryBytes();
        FrameStream stream(path, everyNth(frames, 1), queue);
        std::int64_t count = 0;
        std::optional<VideoFrame> last;
        while (std::optional<VideoFrame> frame = stream.next()) {
            QCOMPARE(frame->index.value, std::size_t(count));
            ++count;
            last = std::move(frame);
        }
        QCOMPARE(count, std::int64_t{frames});
        QVERIFY(last.has_value());
        QVERIFY(std::abs(last->time_secs - 599.96) < 0.001);
        // All frames would be 3.4 GB; the bound: queue + 2 pictures, 32 bytes a frame, twice for
        // what the allocator keeps.
        const std::int64_t bound = std::int64_t(queue + 2) * width * height * 3 + frames * 32;
        QVERIFY2(
            peakMemoryBytes() - before < 2 * bound + 8'000'000,
            std::to_string(peakMemoryBytes() - before).c_str());
    }
};

QTEST_GUILESS_MAIN(FrameStreamTest)
#include "frame_stream_test.moc"
