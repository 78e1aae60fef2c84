#include <thread>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/bounded_queue.h"
#include "core/export/npz.h"
#include "core/video/video_npz.h"
#include "core/video/video_run.h"
#include "tests/support/failure.h"
#include "tests/video/fake_model.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

constexpr int clip_frames = 40;

VideoRequest requestOf(
    const std::filesystem::path& path,
    const std::vector<std::shared_ptr<FakeModel>>& models,
    const VideoSampling& sampling) {
    VideoRequest request{.path = path, .models = {}, .sampling = sampling};
    for (const auto& model : models) {
        request.models.push_back({model, AnalysisOptions{}});
    }
    return request;
}

bool isAbout(const AnalysisResult& result, std::size_t frame) {
    const Array& map = result.magnitude.at("norm");
    // H.264 brings a level of gray back 3 or 4 steps darker.
    return map.shape == std::vector<std::int64_t>{1, 1} &&
           std::abs(double(map.values.front()) - levelOf(frame)) < 5.0;
}

} // namespace

class RunTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { grayVideo(clip(), clip_frames); }

    void framesComeInOrder() {
        auto model = std::make_shared<FakeModel>();
        std::vector<FrameResults> seen;
        const VideoOutcome outcome = runVideo(
            requestOf(clip(), {model}, {.every = 3, .windows = false, .batch = 4}),
            [&seen](FrameResults frame) { seen.push_back(std::move(frame)); });
        QCOMPARE(outcome.frames, std::size_t{14});
        QCOMPARE(outcome.info.codec, "h264");
        QVERIFY(outcome.loss.empty());
        QCOMPARE(seen.size(), std::size_t{14});
        for (std::size_t i = 0; i < seen.size(); ++i) {
            QCOMPARE(seen[i].index.value, 3 * i);
            QVERIFY(std::abs(seen[i].time_secs - double(3 * i) / 25.0) < 0.01);
            QVERIFY(isAbout(*seen[i].results.at(0), 3 * i));
            QVERIFY(!seen[i].results[0]->picture.pixels.empty());
            QVERIFY(seen[i].results[0]->input.values.empty());
            QCOMPARE(seen[i].parts.at(0), i / 4);
        }
        QVERIFY((model->parts == std::vector<std::size_t>{4, 4, 4, 2}));
    }

    void clipsAreCutIntoFrames() {
        auto image = std::make_shared<FakeModel>();
        auto video = std::make_shared<FakeModel>(8);
        std::vector<FrameResults> seen;
        runVideo(
            requestOf(clip(), {image, video}, {.every = 1, .windows = true, .batch = 3}),
            [&seen](FrameResults frame) { seen.push_back(std::move(frame)); });
        QCOMPARE(seen.size(), std::size_t(clip_frames));
        for (std::size_t i = 0; i < seen.size(); ++i) {
            QCOMPARE(seen[i].index.value, i);
            QVERIFY(isAbout(*seen[i].results.at(0), i));
            QVERIFY(isAbout(*seen[i].results.at(1), i / 2 * 2)); // its tubelet's first
            QCOMPARE(seen[i].parts[1], i / 8);
        }
        QVERIFY((video->parts == std::vector<std::size_t>(5, 1)));
    }

    void theWholeVideoIsOneClip() {
        auto video = std::make_shared<FakeModel>(8);
        std::vector<std::size_t> frames;
        runVideo(requestOf(clip(), {video}, {}), [&frames](const FrameResults& frame) {
            frames.push_back(frame.index.value);
        });
        QVERIFY((frames == std::vector<std::size_t>{2, 7, 12, 17, 22, 27, 32, 37}));
    }

    void theLastWindowBeginsWithinTheOneBefore() {
        auto video = std::make_shared<FakeModel>(8);
        std::vector<FrameResults> seen;
        runVideo(
            requestOf(clip(), {video}, {.every = 4, .windows = true, .batch = 1}),
            [&seen](FrameResults frame) { seen.push_back(std::move(frame)); });
        QCOMPARE(seen.size(), std::size_t{10});
        QCOMPARE(video->parts.size(), std::size_t{2});
        QCOMPARE(seen[7].parts[0], std::size_t{0});
        QCOMPARE(seen[8].parts[0], std::size_t{1});
        QVERIFY(isAbout(*seen[8].results[0], 32));
    }

    void aSlowSinkHoldsTheRunBack() {
        auto model = std::make_shared<FakeModel>();
        std::atomic<std::size_t> taken = 0;
        std::size_t most_ahead = 0;
        model->before = [&](std::size_t pass) {
            most_ahead = std::max(most_ahead, 2 * pass - taken);
        };
        runVideo(
            requestOf(clip(), {model}, {.every = 1, .windows = false, .batch = 2}),
            [&taken](const FrameResults&) {
                std::this_thread::sleep_for(std::chrono::milliseconds(5));
                ++taken;
            });
        QCOMPARE(taken.load(), std::size_t(clip_frames));
        // Two parts in the queue, one in the sink, one in the model and one on its way.
        QVERIFY2(most_ahead <= 9, qPrintable(QString::number(most_ahead)));
        QVERIFY(most_ahead >= 4);
    }

    void failuresTravel() {
        auto model = std::make_shared<FakeModel>();
        model->before = [](std::size_t pass) {
            if (pass == 2) {
                throw Error(ErrorCode::Resource, "the memory does not suffice");
            }
        };
        const VideoRequest request =
            requestOf(clip(), {model}, {.every = 1, .windows = false, .batch = 2});
        QCOMPARE(
            failureOf([&] { runVideo(request, [](const FrameResults&) {}); }).message,
            "the memory does not suffice");
        model->before = nullptr;
        const auto full = failureOf([&] {
            runVideo(request, [](const FrameResults& frame) {
                if (frame.index.value == 5) {
                    throw Error(ErrorCode::Resource, "disk full");
                }
            });
        });
        QCOMPARE(full.message, "disk full");
        QCOMPARE(
            failureOf([&] {
                VideoRequest missing = request;
                missing.path = "/missing/clip.mp4";
                runVideo(missing, [](const FrameResults&) {});
            }).code,
            ErrorCode::Input);
    }

    void stopsOnRequest() {
        auto model = std::make_shared<FakeModel>();
        std::stop_source source;
        std::size_t taken = 0;
        const auto failure = failureOf([&] {
            runVideo(
                requestOf(clip(), {model}, {.every = 1, .windows = false, .batch = 1}),
                [&](const FrameResults&) {
                    if (++taken == 3) {
                        source.request_stop();
                    }
                },
                {.stop = source.get_token(), .progress = {}});
        });
        QCOMPARE(failure.code, ErrorCode::Interrupted);
        QVERIFY(taken < std::size_t(clip_frames));
    }

    void arraysHoldAllFrames() {
        AnalysisResult result;
        result.logits = {{2}, {1.0F, 2.0F}};
        const auto file = path("maps.npz");
        VideoNpz npz(file, true);
        for (int i = 0; i < 3; ++i) {
            const auto base = static_cast<float>(10 * i);
            result.magnitude["norm"] = {{1, 2}, {base, base + 1.0F}};
            result.cls_attention["blocks.0"] = {
                {2, 1, 2}, {base + 2.0F, base + 3.0F, base + 4.0F, base + 5.0F}};
            npz.add({std::size_t(4 * i)}, 0.25 * i, result, std::size_t(i / 2));
        }
        QVERIFY(!std::filesystem::exists(file));
        npz.finish();
        std::map<std::string, Array> arrays;
        for (auto& [name, array] : readNpz(file)) {
            arrays[name] = array;
        }
        QVERIFY((arrays.at("magnitude/norm") == Array{{3, 1, 2}, {0, 1, 10, 11, 20, 21}}));
        QVERIFY(
            (arrays.at("cls_attention/blocks.0") ==
             Array{{2, 3, 1, 2}, {2, 3, 12, 13, 22, 23, 4, 5, 14, 15, 24, 25}}));
        QVERIFY((arrays.at("logits") == Array{{2, 2}, {1, 2, 1, 2}}));
        QVERIFY((arrays.at("frames") == Array{{3}, {0, 4, 8}}));
        QVERIFY((arrays.at("times") == Array{{3}, {0.0F, 0.25F, 0.5F}}));
    }

    void arraysThatAreNotFinishedLeaveNothing() {
        QTemporaryDir empty;
        {
            VideoNpz npz((empty.path() + "/maps.npz").toStdString(), false);
            AnalysisResult result;
            result.magnitude["norm"] = {{1, 1}, {1.0F}};
            npz.add({0}, 0.0, result, 0);
            result.magnitude["norm"] = {{1, 2}, {1.0F, 2.0F}};
            QCOMPARE(failureOf([&] { npz.add({1}, 0.1, result, 0); }).code, ErrorCode::Model);
        }
        QVERIFY(std::filesystem::is_empty(empty.path().toStdString()));
    }

private:
    [[nodiscard]] std::filesystem::path path(const char* name) const {
        return folder_.filePath(name).toStdString();
    }
    [[nodiscard]] std::filesystem::path clip() const { return path("clip.mp4"); }

    QTemporaryDir folder_;
};

QTEST_APPLESS_MAIN(RunTest)
#include "run_test.moc"
