#pragma once

#include <string>
#include <string_view>

#include "core/base/array.h"

namespace vitreous {

/// Reads a `.npy` file of version 1, 2 or 3 as float32: float32, float64, float16 or uint8, C or
/// Fortran order, either endianness. source: what the bytes are from, the last words of errors.
/// Throws Error{Input}: truncated, malformed, another type, a shape that overflows.
Array parseNpy(std::string_view bytes, const std::string& source);

} // namespace vitreous
