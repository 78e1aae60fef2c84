#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vitreous::cli {

/// A field of a CSV line, quoted where it has to be (RFC 4180).
std::string csvField(const std::string& text);

/// The fields of one line, without its line break; nothing where a quotation mark is left open or
/// stands in the middle of a field.
std::optional<std::vector<std::string>> csvFields(std::string_view line);

} // namespace vitreous::cli
