#include "app/cli/scenes.h"

#include <algorithm>
#include <string>
#include <system_error>

#include "app/cli/csv.h"
#include "app/cli/outputs.h"
#include "core/base/file_output.h"
#include "core/media/image_file.h"
#include "core/train/clutter.h"
#include "core/train/samples.h"

namespace vitreous::cli {
namespace {

namespace fs = std::filesystem;

void prepareDirectories(const fs::path& output, std::size_t count) {
    for (const char* part : {"images", "masks"}) {
        prepareOutput(output / part);
        requireNoOthers(output / part, {".png", count}, hasImageExtension, "pictures");
    }
    // Labels are there once their scenes are.
    std::error_code ignored;
    fs::remove(output / "labels.csv", ignored);
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
    prepareDirectories(arguments.output, count);
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
        const std::string name = numberedName(i, ".png");
        Scene scene = [&] {
            try {
                return composeScene(*pictures, {arguments.seed, 0, i}, arguments.clutter);
            } catch (const Error& error) {
                throw Error(
                    error.code(), "picture " + std::to_string(i) + ": " + error.what() + ": " +
                                      arguments.data.string());
            }
        }();
        writePng(arguments.output / "images" / name, scene.image);
        writeMask(
            arguments.output / "masks" / name,
            Mask{arguments.clutter, arguments.clutter, std::move(scene.mask)});
        const auto label = std::size_t(pictures->label(i));
        labels += name + "," + csvField(pictures->classes().at(label)) + "\n";
    }
    writeFileWhole(arguments.output / "labels.csv", labels);
    console.endProgress();
    for (const char* part : {"images", "masks", "labels.csv"}) {
        console.print((arguments.output / part).string());
    }
    return 0;
}

} // namespace vitreous::cli
