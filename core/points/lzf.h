#pragma once

#include <string_view>
#include <vector>

namespace vitreous {

/// Decodes LibLZF's format into result, whose size says how much is expected. False where the
/// bytes are damaged: they end early, refer to before the start or decode to another size.
bool decodeLzf(std::string_view bytes, std::vector<char>& result);

} // namespace vitreous
