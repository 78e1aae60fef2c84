#pragma once

#include <filesystem>

#include "core/train/recipe.h"

namespace vitreous {

/// Takes the shape of a checkpoint (width, depth, heads; patch and size, or points, groups and
/// group size) into the recipe.
/// Throws Error{Model}, path last.
void takeShape(const std::filesystem::path& init, Recipe& recipe);

} // namespace vitreous
