#pragma once

#include "core/train/training_model.h"

namespace vitreous {

/// Replaces fresh values by those of recipe.init. Its head stays out where the classes are others,
/// its blocks where the recipe brings frozen ones or another kind; positions of another input size
/// are resized. What is fresh, resized or left out is added to the remarks.
/// Throws Error{Model}, path last: another kind of network, missing tensors, other shapes.
void takeInit(const Recipe& recipe, TrainingModel& model);

} // namespace vitreous
