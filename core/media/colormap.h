#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace vitreous {

/// The colour maps on offer. Adding one is one row in colormap.cpp.
enum class Colormap { Viridis, Magma, Inferno, Cividis, Turbo, Gray, Coolwarm };

using ColorTable = std::array<std::array<std::uint8_t, 3>, 256>; ///< sRGB, low to high

std::span<const Colormap> allColormaps();
std::string_view name(Colormap colormap); ///< "viridis", ...
const ColorTable& colorTable(Colormap colormap);

} // namespace vitreous
