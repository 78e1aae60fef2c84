#pragma once

#include <string>
#include <string_view>

namespace vitreous {

/// Text that a file holds, fit for a one-line message: control characters become '?', more than 160
/// bytes are cut.
std::string printable(std::string_view text);

} // namespace vitreous
