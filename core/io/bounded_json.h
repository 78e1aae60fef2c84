#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace vitreous {

/// Parses JSON that a file holds. Discarded (is_discarded()) where it is malformed or nested deeper
/// than any configuration is: copying and printing a value recurse, so that depth is stack.
nlohmann::json parseBoundedJson(std::string_view text);

/// The object that a text within a file holds as JSON; null where it holds none that is bounded.
nlohmann::json objectIn(std::string_view text);

/// JSON as text for a file: what is no UTF-8 in it is replaced.
std::string jsonText(const nlohmann::json& json);

} // namespace vitreous
