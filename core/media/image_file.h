#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/array.h"
#include "core/base/image.h"
#include "core/base/mask.h"

namespace vitreous {

/// Reads a picture as 8-bit RGB, upright (EXIF orientation applied): gray is repeated, alpha is
/// dropped (as Pillow's convert("RGB") does), 16 bits are scaled to 8, CMYK is converted.
/// Throws Error{Input}, path last: missing, unreadable, not a picture, truncated, over 178,956,970
/// pixels (Pillow's own limit).
Image readImage(const std::filesystem::path& path);

/// Reads a picture as a mask, upright as readImage does: the object is where any colour sample is
/// not 0, in whatever depth (a label of 1 among 65,535 counts); alpha tells nothing.
/// Throws Error{Input} as readImage.
Mask readMask(const std::filesystem::path& path);

/// Encodes a picture as PNG and writes it whole or not at all. Throws Error{Resource}.
void writePng(const std::filesystem::path& path, const Image& image);
/// The same for a mask, as 8-bit gray.
void writeMask(const std::filesystem::path& path, const Mask& mask);

/// Reads a NumPy `.npy` file of float32, float64, float16 or uint8, C or Fortran order, either
/// endianness, as float32. Throws Error{Input}, path last: truncated, malformed, another dtype.
Array readNpy(const std::filesystem::path& path);

/// Lower-case extensions (with the dot) that readImage accepts, for dialogs and folder scans.
const std::vector<std::string>& imageExtensions();
/// True where the name ends so, in whatever case.
bool hasImageExtension(const std::filesystem::path& path);

} // namespace vitreous
