#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

namespace vitreous {

/// Parses JSON that a file holds. Discarded (is_discarded()) where it is malformed or nested deeper
/// than any configuration is: copying and printing a value recurse, so that depth is stack.
nlohmann::json parseBoundedJson(std::string_view text);

} // namespace vitreous
