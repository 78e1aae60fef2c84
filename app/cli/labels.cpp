#include "app/cli/labels.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <system_error>

#include "app/cli/csv.h"

namespace vitreous::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const std::string& what) {
    throw Error(ErrorCode::Input, what + ": " + path.string());
}

std::string withoutLineEnd(std::string line, std::size_t number) {
    if (line.ends_with('\r')) {
        line.pop_back();
    }
    if (number == 1 && line.starts_with("\xef\xbb\xbf")) {
        line.erase(0, 3);
    }
    return line;
}

/// "a, b, c" or "a, b, c and 7 more"
std::string someOf(const std::vector<std::string>& names) {
    constexpr std::size_t most = 12;
    std::string text;
    for (std::size_t i = 0; i < std::min(most, names.size()); ++i) {
        text += (i == 0 ? "" : ", ") + names[i];
    }
    return names.size() > most ? text + " and " + std::to_string(names.size() - most) + " more"
                               : text;
}

} // namespace

Labels readLabels(const fs::path& path) {
    std::error_code problem;
    std::ifstream file(path);
    if (!fs::is_regular_file(path, problem) || !file) {
        refuse(path, "the labels cannot be read, expected a CSV file");
    }
    Labels labels;
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
        line = withoutLineEnd(std::move(line), ++number);
        if (line.empty() || (number == 1 && line == "file,class")) {
            continue;
        }
        const auto fields = csvFields(line);
        const std::string where = "line " + std::to_string(number);
        if (!fields || fields->size() != 2 || fields->at(1).empty()) {
            refuse(path, where + ": expected file,class, found '" + line.substr(0, 80) + "'");
        }
        const std::string name = fs::path(fields->front()).filename().string();
        if (name.empty()) {
            refuse(path, where + ": expected the name of a file, found '" + fields->front() + "'");
        }
        const auto [other, is_new] =
            labels.insert({name, {.class_name = fields->at(1), .line = number}});
        if (!is_new) {
            refuse(
                path, where + ": " + name + " has a label already, in line " +
                          std::to_string(other->second.line));
        }
    }
    if (file.bad()) {
        refuse(path, "the labels cannot be read");
    }
    if (labels.empty()) {
        refuse(path, "no labels, expected lines of file,class");
    }
    return labels;
}

int classIndex(const Label& label, const ModelSummary& model, const fs::path& path) {
    const auto& names = model.class_names;
    const auto found = std::find(names.begin(), names.end(), label.class_name);
    if (found != names.end()) {
        return static_cast<int>(found - names.begin());
    }
    const std::string& text = label.class_name;
    int index = -1;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (problem == std::errc() && end == text.data() + text.size() && index >= 0 &&
        index < model.classes) {
        return index;
    }
    refuse(
        path, "line " + std::to_string(label.line) + ": '" + text + "' is no class of " +
                  model.label + ", expected " + (names.empty() ? "" : someOf(names) + ", or ") +
                  "a number from 0 to " + std::to_string(model.classes - 1));
}

} // namespace vitreous::cli
