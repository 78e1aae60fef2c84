#include "app/cli/train.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "core/analysis/model.h"

namespace vitreous::cli {
namespace {

/// "[####......]"
std::string barOf(double fraction) {
    constexpr int length = 10;
    const int done = std::clamp(int(fraction * length), 0, length);
    return "[" + std::string(std::size_t(done), '#') +
           std::string(std::size_t(length - done), '.') + "]";
}

std::string rowText(const EpochReport& row, const char* inputs) {
    std::array<char, 200> line{};
    std::snprintf(
        line.data(), line.size(),
        "epoch %4d   train loss %7.4f  accuracy %5.1f %%   test loss %7.4f  accuracy %5.1f %%   "
        "%.0f %s/s",
        row.epoch, row.train_loss, 100.0 * row.train_accuracy, row.test_loss,
        100.0 * row.test_accuracy, row.pictures_per_second, inputs);
    return line.data();
}

} // namespace

int runTrain(const TrainArguments& arguments, Console& console, const std::stop_token& stop) {
    setThreadCount(arguments.threads);
    const Task task{
        .stop = stop, .progress = [&console](const Progress& progress) {
            const std::size_t comma = progress.stage.find(", ");
            console.progress(
                progress.stage.substr(0, comma),
                barOf(progress.fraction) +
                    (comma == std::string::npos ? "" : " " + progress.stage.substr(comma + 2)));
        }};
    const char* inputs = arguments.request.recipe.shapes ? "shapes" : "pictures";
    const TrainingObserver observer{
        .on_remark = [&console](const std::string& remark) { console.remark(remark); },
        .on_start = [&console](const std::string& text) { console.print(text); },
        .on_epoch = [&](const EpochReport& row) { console.print(rowText(row, inputs)); }};
    train(arguments.request, observer, task);
    console.endProgress();
    console.print((arguments.request.output / "model.safetensors").string());
    return 0;
}

} // namespace vitreous::cli
