#include "app/cli/video.h"

#include <algorithm>
#include <memory>
#include <system_error>

#include "app/cli/offscreen_fonts.h"
#include "app/cli/shown_taps.h"
#include "app/cli/video_job.h"
#include "app/cli/video_provenance.h"
#include "core/base/file_output.h"
#include "core/inputs/input_file.h"
#include "core/media/image_file.h"
#include "core/media/video_reader.h"

namespace vitreous::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const std::string& what) {
    throw Error(ErrorCode::Input, what + ": " + path.string());
}

/// What has another command is told so, before a decoder calls it damaged.
void requireVideo(const fs::path& path) {
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        refuse(path, "a directory, expected one video");
    }
    if (isVideoPath(path)) {
        return;
    }
    if (kindOfInput(path) == InputKind::Points) {
        refuse(path, "a point cloud, expected a video (analyze takes point clouds)");
    }
    if (kindOfInput(path) == InputKind::Tensor) {
        refuse(path, "a tensor, expected a video (analyze takes .npy)");
    }
    if (hasImageExtension(path)) {
        refuse(path, "a picture, expected a video (analyze takes pictures)");
    }
}

void requireModels(const std::vector<ModelSummary>& models) {
    for (const ModelSummary& model : models) {
        if (model.grouping) {
            throw Error(
                ErrorCode::Model,
                model.label + " takes point clouds, expected a model of pictures or videos: " +
                    model.path.string());
        }
    }
}

Task taskOf(Console& console, const std::stop_token& stop, const std::string& step) {
    return {.stop = stop, .progress = [&console, step](const Progress& now) {
                console.progress(step, now.stage);
            }};
}

VideoJob jobOf(const VideoArguments& arguments, const std::vector<ModelSummary>& summaries) {
    std::vector<std::string> labels;
    std::transform(
        summaries.begin(), summaries.end(), std::back_inserter(labels),
        [](const ModelSummary& summary) { return summary.label; });
    return {
        .input = arguments.input,
        .models = {},
        .sampling = arguments.sampling,
        .frames_apart = arguments.frames_apart,
        .look = arguments.look,
        .all_taps = !arguments.has_tap,
        .all_maps = !arguments.has_map,
        .targets = videoTargets(arguments.outputs, labels)};
}

void load(
    VideoJob& job,
    const VideoArguments& arguments,
    Console& console,
    const std::stop_token& stop) {
    for (const ModelSpec& spec : arguments.models) {
        job.models.push_back(
            loadModel(spec, arguments.device, taskOf(console, stop, labelOf(spec))));
        const Model& model = *job.models.back();
        const bool is_clip = model.summary().frames > 0;
        model.requireMemory(
            is_clip ? 1 : static_cast<std::size_t>(arguments.sampling.batch), AnalysisOptions{});
    }
}

/// All sidecars or, where one cannot be written, nothing of the run.
void writeSidecars(const VideoTargets& targets, const nlohmann::json& facts) {
    const std::string text =
        facts.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    try {
        for (const fs::path& path : targets.sidecars) {
            writeFileWhole(path, text);
        }
    } catch (const Error&) {
        std::error_code ignored;
        for (const fs::path& path : targets.all()) {
            fs::remove_all(path, ignored);
        }
        throw;
    }
}

} // namespace

int runVideoCommand(
    const VideoArguments& arguments,
    Console& console,
    const std::stop_token& stop) {
    setThreadCount(arguments.threads);
    requireVideo(arguments.input);
    std::vector<ModelSummary> summaries;
    std::transform(
        arguments.models.begin(), arguments.models.end(), std::back_inserter(summaries),
        inspectModel);
    requireModels(summaries);
    VideoJob job = jobOf(arguments, summaries);
    shownTaps(summaries, job.look.tap, job.look.map);
    static_cast<void>(VideoReader(arguments.input));
    load(job, arguments, console, stop);
    const std::shared_ptr<QGuiApplication> fonts = offscreenFonts();
    const VideoReport report =
        runVideoJob(job, taskOf(console, stop, arguments.input.filename().string()));
    writeSidecars(
        job.targets, videoProvenance(arguments, job, report, taskOf(console, stop, "provenance")));
    console.endProgress();
    if (!report.outcome.loss.empty()) {
        console.remark(report.outcome.loss + ": " + arguments.input.string());
    }
    for (const fs::path& path : job.targets.all()) {
        console.print(path.string());
    }
    return 0;
}

} // namespace vitreous::cli
