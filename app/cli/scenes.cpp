#include "app/cli/scenes.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <vector>

#include "app/cli/csv.h"
#include "app/cli/outputs.h"
#include "core/base/file_output.h"
#include "core/media/image_file.h"
#include "core/media/video_writer.h"
#include "core/nn/resample.h"
#include "core/train/clutter.h"
#include "core/train/samples.h"

namespace vitreous::cli {
namespace {

namespace fs = std::filesystem;

constexpr double clipRate = 25.0;

/// Codecs halve the resolution of colours: a frame is shown this many times as large.
constexpr int clipScale = 2;

bool isClip(const fs::path& path) {
    return path.extension() == ".mp4";
}

void prepareDirectories(
    const fs::path& output,
    const ScenesArguments& arguments,
    std::size_t count) {
    if (arguments.frames > 0) {
        prepareOutput(output / "clips");
        requireNoOthers(output / "clips", {".mp4", count}, isClip, "clips");
    } else {
        for (const char* part : {"images", "masks"}) {
            prepareOutput(output / part);
            requireNoOthers(output / part, {".png", count}, hasImageExtension, "pictures");
        }
    }
    // Labels are there once their scenes are.
    std::error_code ignored;
    fs::remove(output / "labels.csv", ignored);
}

void writeClip(
    const fs::path& path,
    const LabelledPictures& pictures,
    std::size_t item,
    const ScenesArguments& arguments,
    const Task& task) {
    const int side = arguments.clutter * clipScale;
    VideoWriter writer(path, side, side, clipRate);
    for (int frame = 0; frame < arguments.frames; ++frame) {
        task.checkStop();
        const double time = double(frame) / arguments.frames;
        const Scene moment =
            composeMoment(pictures, {arguments.seed, 0, item}, arguments.clutter, time);
        writer.add(resample(moment.image, side, side, Filter::Bicubic));
    }
    writer.finish();
}

void writeScene(
    const fs::path& output,
    const std::string& name,
    const LabelledPictures& pictures,
    std::size_t item,
    const ScenesArguments& arguments) {
    Scene scene = composeScene(pictures, {arguments.seed, 0, item}, arguments.clutter);
    writePng(output / "images" / name, scene.image);
    writeMask(
        output / "masks" / name, Mask{arguments.clutter, arguments.clutter, std::move(scene.mask)});
}

std::unique_ptr<LabelledPictures>
openData(const ScenesArguments& arguments, Console& console, const Task& task) {
    Recipe recipe;
    recipe.clutter = arguments.clutter;
    auto pictures = openPictures(arguments.data, arguments.split, keptSide(recipe), task);
    for (const std::string& skipped : pictures->skipped()) {
        console.remark("skipped " + skipped);
    }
    return pictures;
}

} // namespace

int runScenes(const ScenesArguments& arguments, Console& console, const std::stop_token& stop) {
    const Task task{.stop = stop, .progress = [&console](const Progress& progress) {
                        console.progress("reading the pictures", progress.stage);
                    }};
    const auto pictures = openData(arguments, console, task);
    const std::size_t count = std::min(std::size_t(arguments.count), pictures->size());
    if (count < std::size_t(arguments.count)) {
        console.remark(
            "only " + std::to_string(count) +
            " pictures, no more scenes are written: " + arguments.data.string());
    }
    prepareDirectories(arguments.output, arguments, count);
    std::string labels = "file,class\n";
    for (std::size_t i = 0; i < count; ++i) {
        if (stop.stop_requested()) {
            throw Error(
                ErrorCode::Interrupted, "interrupted after " + std::to_string(i) + " of " +
                                            std::to_string(count) +
                                            " scenes: " + arguments.output.string());
        }
        console.progress(
            "[" + std::to_string(i + 1) + "/" + std::to_string(count) + "] scenes", "");
        const std::string name = numberedName(i, arguments.frames > 0 ? ".mp4" : ".png");
        try {
            if (arguments.frames > 0) {
                writeClip(
                    arguments.output / "clips" / name, *pictures, i, arguments,
                    {.stop = stop, .progress = {}});
            } else {
                writeScene(arguments.output, name, *pictures, i, arguments);
            }
        } catch (const Error& error) {
            if (error.code() != ErrorCode::Input) {
                throw;
            }
            throw Error(
                error.code(), "picture " + std::to_string(i) + ": " + error.what() + ": " +
                                  arguments.data.string());
        }
        const auto label = std::size_t(pictures->label(i));
        labels += name + "," + csvField(pictures->classes().at(label)) + "\n";
    }
    writeFileWhole(arguments.output / "labels.csv", labels);
    console.endProgress();
    const std::vector<const char*> parts = arguments.frames > 0
                                               ? std::vector{"clips", "labels.csv"}
                                               : std::vector{"images", "masks", "labels.csv"};
    for (const char* part : parts) {
        console.print((arguments.output / part).string());
    }
    return 0;
}

} // namespace vitreous::cli
