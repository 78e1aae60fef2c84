#pragma once

#include <string_view>

namespace vitreous {

/// True where the whole of text matches the pattern: `*` is any run of characters, `?` one
/// character, all else itself. Never fails.
bool matchesGlob(std::string_view pattern, std::string_view text);

} // namespace vitreous
