#include "app/cli/bench_video.h"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <system_error>

#include "app/cli/bench.h"
#include "app/cli/offscreen_fonts.h"
#include "app/video/shown_taps.h"
#include "app/video/video_job.h"
#include "core/media/frame_stream.h"
#include "core/media/video_writer.h"

namespace vitreous::cli {
namespace {

namespace fs = std::filesystem;

constexpr int frameCount = 300;
constexpr int frameWidth = 320;
constexpr int frameHeight = 240;
constexpr double frameRate = 25.0;

/// A directory that goes with all that is in it.
class Workplace {
public:
    Workplace() {
        std::string pattern = (fs::temp_directory_path() / "vitreous-bench-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) {
            throw Error(ErrorCode::Resource, "no directory for the video: " + pattern);
        }
        path = pattern;
    }
    Workplace(const Workplace&) = delete;
    Workplace& operator=(const Workplace&) = delete;
    ~Workplace() {
        std::error_code ignored;
        fs::remove_all(path, ignored);
    }

    fs::path path;
};

/// A bright disc that goes round over a striped ground.
Image momentOf(int number) {
    Image image{frameWidth, frameHeight, {}};
    image.pixels.reserve(std::size_t{3} * frameWidth * frameHeight);
    const double angle = 0.05 * number;
    const double x = frameWidth / 2.0 + 90.0 * std::cos(angle);
    const double y = frameHeight / 2.0 + 60.0 * std::sin(angle);
    for (int row = 0; row < frameHeight; ++row) {
        for (int column = 0; column < frameWidth; ++column) {
            const bool is_disc = std::hypot(column - x, row - y) < 40.0;
            const double ground = 96.0 + 48.0 * std::sin(0.09 * column + 0.05 * row);
            for (int channel = 0; channel < 3; ++channel) {
                image.pixels.push_back(static_cast<std::uint8_t>(
                    is_disc ? 230 - 40 * channel : ground + 10 * channel));
            }
        }
    }
    return image;
}

void writeClip(const fs::path& path, const Task& task) {
    VideoWriter writer(path, frameWidth, frameHeight, frameRate);
    for (int i = 0; i < frameCount; ++i) {
        task.checkStop();
        writer.add(momentOf(i));
    }
    writer.finish();
}

/// The batches that `video` makes of the clip.
std::vector<std::vector<PreparedInput>>
batchesOf(const fs::path& clip, const ModelSummary& model, const VideoSampling& sampling) {
    std::vector<std::vector<PreparedInput>> batches;
    const VideoPlan plan = planOf(frameCount, model.frames, sampling);
    for (const std::vector<FrameIndex>& part : plan.parts) {
        FrameStream stream(clip, part);
        std::vector<Image> pictures;
        while (auto frame = stream.next()) {
            pictures.push_back(std::move(frame->picture));
        }
        batches.emplace_back();
        if (plan.is_clip) {
            batches.back().push_back(preprocessClip(pictures, model.preprocess));
            continue;
        }
        for (const Image& picture : pictures) {
            batches.back().push_back(preprocess(picture, model.preprocess));
        }
    }
    return batches;
}

double elapsedSecs(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

struct Timing {
    std::vector<double> forward_secs;
    std::vector<double> maps_secs; ///< every kind of map of every tap: what the .npz holds
    std::vector<double> map_secs;  ///< one map of one tap: what the pages of the .mp4 show
    std::vector<double> npz_secs;
    std::vector<double> mp4_secs;
};

void print(
    const Timing& timing,
    const Model& model,
    const BenchArguments& arguments,
    Console& console) {
    const double forward = median(timing.forward_secs);
    if (arguments.json) {
        const nlohmann::json json = {
            {"model", model.summary().label},
            {"device", model.device()},
            {"precision", name(model.precision())},
            {"batch", arguments.batch},
            {"runs", arguments.runs},
            {"frames", frameCount},
            {"forward_secs", forward},
            {"maps_secs", median(timing.maps_secs)},
            {"map_secs", median(timing.map_secs)},
            {"npz_secs", median(timing.npz_secs)},
            {"mp4_secs", median(timing.mp4_secs)},
            {"maps_ratio", median(timing.maps_secs) / forward},
            {"map_ratio", median(timing.map_secs) / forward},
            {"npz_ratio", median(timing.npz_secs) / forward},
            {"mp4_ratio", median(timing.mp4_secs) / forward},
            {"all_forward_secs", timing.forward_secs},
            {"all_maps_secs", timing.maps_secs},
            {"all_map_secs", timing.map_secs},
            {"all_npz_secs", timing.npz_secs},
            {"all_mp4_secs", timing.mp4_secs}};
        console.print(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
        return;
    }
    console.print(
        oneLine(model.summary().label) + " on " + std::to_string(frameCount) + " frames, device " +
        model.device() +
        (model.summary().frames > 0 ? ", clips of " + std::to_string(model.summary().frames)
                                    : ", batch " + std::to_string(arguments.batch)) +
        ", medians of " + std::to_string(arguments.runs) + " runs in turns");
    const auto line = [&](const char* what, const std::vector<double>& secs) {
        std::array<char, 96> text{};
        std::snprintf(
            text.data(), text.size(), "%-24s %8.2f s   %5.3f", what, median(secs),
            median(secs) / forward);
        console.print(text.data());
    };
    line("forward passes alone", timing.forward_secs);
    line("with all maps", timing.maps_secs);
    line("with one map", timing.map_secs);
    line("video to .npz, all maps", timing.npz_secs);
    line("video to .mp4, one map", timing.mp4_secs);
}

} // namespace

int runVideoBench(
    const ModelSpec& spec,
    const BenchArguments& arguments,
    Console& console,
    const std::stop_token& stop) {
    const Task task{.stop = stop, .progress = {}};
    const std::shared_ptr<Model> model = loadModel(spec, arguments.device, task);
    const bool is_clip = model->summary().frames > 0;
    if (!is_clip) {
        requireImageModel(model->summary());
    }
    const Workplace workplace;
    const fs::path clip = workplace.path / "clip.mp4";
    writeClip(clip, task);
    // A clip model sees every frame too, in clip after clip.
    const VideoSampling sampling{.every = 1, .windows = is_clip, .batch = arguments.batch};
    const auto batches = batchesOf(clip, model->summary(), sampling);
    const auto fonts = offscreenFonts();
    const auto jobTo = [&](const char* file) {
        return VideoJob{
            .input = clip,
            .models = {model},
            .sampling = sampling,
            .frames_apart = false,
            .look = {},
            .targets = videoTargets({workplace.path / file}, {model->summary().label})};
    };
    AnalysisOptions shown;
    shown.maps = {VideoLook{}.map};
    shown.taps = shownTaps({model->summary()}, VideoLook{}.tap, VideoLook{}.map);
    Timing timing;
    // In turns, so that whatever else the machine does falls on all alike.
    for (int run = -1; run < arguments.runs; ++run) {
        console.progress(
            labelOf(spec),
            run < 0 ? "warming up"
                    : "run " + std::to_string(run + 1) + " of " + std::to_string(arguments.runs));
        if (run < 0) {
            model->forward(batches.front(), task);
            continue;
        }
        const auto analyzed = [&](const AnalysisOptions& options) {
            return elapsedSecs([&] {
                for (const std::vector<PreparedInput>& batch : batches) {
                    model->analyze(batch, options, task);
                }
            });
        };
        const auto forwarded = [&] {
            for (const std::vector<PreparedInput>& batch : batches) {
                model->forward(batch, task);
            }
        };
        // Another one begins each time: who comes first finds the machine as nobody else does.
        const std::array<std::function<void()>, 5> turns = {
            [&] { timing.forward_secs.push_back(elapsedSecs(forwarded)); },
            [&] { timing.maps_secs.push_back(analyzed({})); },
            [&] { timing.map_secs.push_back(analyzed(shown)); },
            [&] {
                timing.npz_secs.push_back(
                    elapsedSecs([&] { runVideoJob(jobTo("maps.npz"), task); }));
            },
            [&] {
                timing.mp4_secs.push_back(
                    elapsedSecs([&] { runVideoJob(jobTo("maps.mp4"), task); }));
            }};
        for (std::size_t i = 0; i < turns.size(); ++i) {
            turns[(std::size_t(run) + i) % turns.size()]();
        }
    }
    console.endProgress();
    print(timing, *model, arguments, console);
    return 0;
}

} // namespace vitreous::cli
