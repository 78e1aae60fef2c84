#pragma once

#include <string>
#include <vector>

#include "core/base/task.h"
#include "core/train/recipe.h"

namespace vitreous {

/// Wall time of training steps of the recipe's model over a batch of noise, ten classes:
/// `steps` of them, in milliseconds, after two that are not counted. mixed: bf16 autocast.
/// Throws as train does.
std::vector<double> timeTrainingSteps(
    const Recipe& recipe,
    int steps,
    const std::string& device,
    bool mixed,
    const Task& task);

} // namespace vitreous
