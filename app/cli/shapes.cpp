#include "app/cli/shapes.h"

#include <string>
#include <system_error>

#include "app/cli/csv.h"
#include "app/cli/outputs.h"
#include "core/base/file_output.h"
#include "core/points/cloud_file.h"
#include "core/train/shape_data.h"
#include "core/train/shape_file.h"

namespace vitreous::cli {
namespace {

namespace fs = std::filesystem;

/// labels.csv and NNNNN.csv are both of an extension that point clouds have.
bool isPly(const fs::path& path) {
    return hasPointCloudExtension(path) && path.extension() != ".csv";
}

void prepareDirectory(const fs::path& output, std::size_t count) {
    prepareOutput(output);
    requireNoOthers(output, {".ply", count}, isPly, "point clouds");
    // Labels are there once their shapes are.
    std::error_code ignored;
    fs::remove(output / "labels.csv", ignored);
}

} // namespace

int runShapes(const ShapesArguments& arguments, Console& console, const std::stop_token& stop) {
    const auto count = std::size_t(arguments.count);
    prepareDirectory(arguments.output, count);
    std::string labels = "file,class\n";
    for (std::size_t i = 0; i < count; ++i) {
        if (stop.stop_requested()) {
            throw Error(
                ErrorCode::Interrupted, "interrupted after " + std::to_string(i) + " of " +
                                            std::to_string(count) +
                                            " shapes: " + arguments.output.string());
        }
        console.progress(
            "[" + std::to_string(i + 1) + "/" + std::to_string(count) + "] shapes", "");
        const std::string name = numberedName(i, ".ply");
        const int label = shapeLabel(i);
        writeShape(
            arguments.output / name,
            shapeOf({.seed = arguments.seed, .epoch = 0, .item = i}, arguments.points), label);
        labels += name + "," + csvField(shapeClasses().at(std::size_t(label))) + "\n";
    }
    writeFileWhole(arguments.output / "labels.csv", labels);
    console.endProgress();
    console.print((arguments.output / "labels.csv").string());
    return 0;
}

} // namespace vitreous::cli
