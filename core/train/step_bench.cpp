#include "core/train/step_bench.h"

#include <chrono>

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>

#include "core/nn/device.h"
#include "core/train/classifier.h"
#include "core/train/random.h"

namespace vitreous {
namespace {

constexpr int kClasses = 10;
constexpr int kWarmUp = 2;

Batch noiseBatch(const Recipe& recipe) {
    Random random{recipe.seed};
    Batch batch;
    const at::Tensor images = at::empty({recipe.batch, 3, recipe.size, recipe.size}, at::kFloat);
    batch.inputs = {images};
    auto* values = images.data_ptr<float>();
    for (std::int64_t i = 0; i < images.numel(); ++i) {
        values[i] = static_cast<float>(random.uniform(-2.0, 2.0));
    }
    batch.targets = at::full({recipe.batch, kClasses}, 0.0, at::kFloat);
    for (int i = 0; i < recipe.batch; ++i) {
        batch.labels.push_back(i % kClasses);
        batch.targets.data_ptr<float>()[i * kClasses + batch.labels.back()] = 1.0F;
    }
    return batch;
}

} // namespace

std::vector<double> timeTrainingSteps(
    const Recipe& recipe,
    int steps,
    const std::string& device,
    bool mixed,
    const Task& task) {
    requireSense(recipe);
    std::vector<std::string> classes;
    for (int i = 0; i < kClasses; ++i) {
        classes.push_back(std::to_string(i));
    }
    const Place place{deviceOf(device), mixed};
    TrainingModel model = buildModel(recipe, classes, place.device);
    AdamW optimizer(model.parameters, recipe.weight_decay);
    const Batch batch = noiseBatch(recipe);
    std::vector<double> milliseconds;
    for (int i = -kWarmUp; i < steps; ++i) {
        task.checkStop();
        const auto start = std::chrono::steady_clock::now();
        trainStep(model, optimizer, batch, {recipe.learning_rate, recipe.clip}, place);
        const std::chrono::duration<double, std::milli> spent =
            std::chrono::steady_clock::now() - start;
        if (i >= 0) {
            milliseconds.push_back(spent.count());
        }
    }
    return milliseconds;
}

} // namespace vitreous
