#include "app/cli/video.h"

#include <algorithm>
#include <memory>
#include <system_error>
#include <vector>

#include "app/cli/inspect.h"
#include "app/cli/offscreen_fonts.h"
#include "app/cli/outputs.h"
#include "app/video/shown_taps.h"
#include "app/video/video_files.h"
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

/// Options that change nothing with these models.
void sayWithoutEffect(
    const VideoArguments& arguments,
    const std::vector<ModelSummary>& models,
    Console& console) {
    const bool has_clips = std::any_of(
        models.begin(), models.end(), [](const ModelSummary& model) { return model.frames > 0; });
    const VideoSampling& sampling = arguments.sampling;
    if (has_clips && sampling.every > 1 && !sampling.windows) {
        console.remark("--every is not used: a clip's frames are spread over the whole video; "
                       "--windows takes clips of every n-th frame");
    }
    if (!has_clips && sampling.windows) {
        console.remark("--windows is not used: no model takes clips");
    }
    if (!has_clips && arguments.frames_apart) {
        console.remark("--centring is not used: no model takes clips");
    }
}

Task taskOf(Console& console, const std::stop_token& stop, const std::string& step) {
    return {.stop = stop, .progress = [&console, step](const Progress& now) {
                console.progress(step, now.stage);
            }};
}

std::vector<std::shared_ptr<Model>>
load(const VideoArguments& arguments, Console& console, const std::stop_token& stop) {
    std::vector<std::shared_ptr<Model>> models;
    for (const ModelSpec& spec : arguments.models) {
        models.push_back(loadModel(spec, arguments.device, taskOf(console, stop, labelOf(spec))));
        const bool is_clip = models.back()->summary().frames > 0;
        models.back()->requireMemory(
            is_clip ? 1 : static_cast<std::size_t>(arguments.sampling.batch), AnalysisOptions{});
    }
    return models;
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
    requireDistinctLabels(arguments.models);
    hintAtGuesses(summaries, console);
    sayWithoutEffect(arguments, summaries, console);
    static_cast<void>(targetsOf(arguments, summaries));
    shownTaps(summaries, arguments.look.tap, arguments.look.map);
    static_cast<void>(VideoReader(arguments.input, {.stop = stop, .progress = {}}));
    const std::vector<std::shared_ptr<Model>> models = load(arguments, console, stop);
    const std::shared_ptr<QGuiApplication> fonts = offscreenFonts();
    const VideoFiles files = writeVideoFiles(
        arguments, models, taskOf(console, stop, arguments.input.filename().string()));
    console.endProgress();
    if (!files.loss.empty()) {
        console.remark(files.loss + ": " + arguments.input.string());
    }
    for (const fs::path& path : files.written) {
        console.print(path.string());
    }
    return 0;
}

} // namespace vitreous::cli
