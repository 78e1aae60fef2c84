#include "app/cli/csv.h"

namespace vitreous::cli {

std::string csvField(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
        return text;
    }
    std::string field = "\"";
    for (const char c : text) {
        field += c == '"' ? "\"\"" : std::string(1, c);
    }
    return field + "\"";
}

std::optional<std::vector<std::string>> csvFields(std::string_view line) {
    std::vector<std::string> fields;
    for (std::size_t i = 0;; ++i) {
        std::string field;
        if (i < line.size() && line[i] == '"') {
            for (++i;; ++i) {
                if (i >= line.size()) {
                    return std::nullopt;
                }
                if (line[i] == '"' && (i + 1 >= line.size() || line[i + 1] != '"')) {
                    ++i;
                    break;
                }
                i += line[i] == '"' ? 1 : 0;
                field += line[i];
            }
        } else {
            for (; i < line.size() && line[i] != ','; ++i) {
                field += line[i];
            }
            if (field.find('"') != std::string::npos) {
                return std::nullopt;
            }
        }
        fields.push_back(std::move(field));
        if (i >= line.size()) {
            return fields;
        }
        if (line[i] != ',') {
            return std::nullopt;
        }
    }
}

} // namespace vitreous::cli
