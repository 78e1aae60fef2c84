#pragma once

#include <filesystem>

#include "core/train/shapes.h"

namespace vitreous {

/// Writes a binary .ply, whole or not at all: x, y, z as float and `part` as uchar; the class and
/// the names of its parts in comments. label: the shape's. Throws Error{Resource}, path last.
void writeShape(const std::filesystem::path& path, const Shape& shape, int label);

} // namespace vitreous
