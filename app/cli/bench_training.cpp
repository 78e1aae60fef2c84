#include "app/cli/bench_training.h"

#include <array>
#include <cstdio>

#include "app/cli/bench.h"
#include "core/train/step_bench.h"

namespace vitreous::cli {

int runTrainingBench(
    const BenchArguments& arguments,
    Console& console,
    const std::stop_token& stop) {
    if (arguments.device.precision == Precision::Float16) {
        throw Error(ErrorCode::Usage, "--training: expected --precision fp32 or bf16, found fp16");
    }
    if (!arguments.models.empty()) {
        throw Error(ErrorCode::Usage, "--training times the demo's ViT, expected no --model");
    }
    setThreadCount(arguments.threads);
    Recipe recipe;
    recipe.batch = arguments.batch;
    const std::vector<double> steps = timeTrainingSteps(
        recipe, arguments.runs, arguments.device.device,
        arguments.device.precision == Precision::BFloat16, {.stop = stop, .progress = {}});
    const double step = median(steps);
    const double rate = 1000.0 * recipe.batch / step;
    if (arguments.json) {
        const nlohmann::json json = {
            {"precision", name(arguments.device.precision)},
            {"batch", recipe.batch},
            {"runs", arguments.runs},
            {"recipe", toJson(recipe)},
            {"step_ms", step},
            {"pictures_per_second", rate},
            {"all_step_ms", steps}};
        console.print(json.dump(2));
        return 0;
    }
    std::array<char, 200> line{};
    std::snprintf(
        line.data(), line.size(),
        "training step of a ViT %d wide, %d blocks, %d tokens: %.1f ms for %d pictures in %s, "
        "%.0f pictures/s",
        recipe.width, recipe.depth, recipe.size / recipe.patch * (recipe.size / recipe.patch) + 1,
        step, recipe.batch, std::string(name(arguments.device.precision)).c_str(), rate);
    console.print(line.data());
    return 0;
}

} // namespace vitreous::cli
