#include <thread>

#include <sys/resource.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/video/video_run.h"
#include "tests/video/fake_model.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

constexpr int minutes = 10;
constexpr int all_frames = minutes * 60 * 25;

/// What the process has had at most, in KiB.
long peakMemory() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

} // namespace

class MemoryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void doesNotGrowWithTheVideo() {
        QTemporaryDir folder;
        const std::filesystem::path few = folder.filePath("few.mp4").toStdString();
        const std::filesystem::path all = folder.filePath("all.mp4").toStdString();
        grayVideo(few, 300, 64, 64);
        grayVideo(all, all_frames, 64, 64);
        const auto framesThrough = [](const std::filesystem::path& path) {
            const auto image = std::make_shared<FakeModel>();
            const auto clip = std::make_shared<FakeModel>(8);
            // Slower than decoding: frames would pile up before it.
            image->before = [](std::size_t) {
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
            };
            VideoRequest request{
                .path = path, .models = {}, .sampling = {.every = 1, .windows = true, .batch = 8}};
            request.models = {{image, AnalysisOptions{}}, {clip, AnalysisOptions{}}};
            return runVideo(request, [](const FrameResults&) {}).frames;
        };
        QCOMPARE(framesThrough(few), std::size_t{300});
        const long before = peakMemory();
        QCOMPARE(framesThrough(all), std::size_t(all_frames));
        const long grown = peakMemory() - before;
        // The inputs of all frames are 90 MB, the frames themselves 180; of the bound there are 16
        // bytes a frame and what the container's table has.
        QVERIFY2(grown < 8 * 1024, qPrintable(QString("%1 KiB").arg(grown)));
    }
};

QTEST_APPLESS_MAIN(MemoryTest)
#include "memory_test.moc"
