#include "core/analysis/class_names.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <system_error>

#include <nlohmann/json.hpp>

namespace vitreous {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t mostBytes = 1U << 20U;

bool isUtf8(std::string_view text) {
    try {
        // The strict writer looks at every byte.
        (void)nlohmann::json(text).dump();
        return true;
    } catch (const nlohmann::json::type_error&) {
        return false;
    }
}

/// The file's text; empty where it is too large, is no plain file (a pipe would block) or cannot be
/// read.
std::string textOf(const fs::path& path) {
    std::error_code problem;
    if (!fs::is_regular_file(path, problem)) {
        return {};
    }
    const std::uintmax_t size = fs::file_size(path, problem);
    if (problem || size > mostBytes) {
        return {};
    }
    std::string text(size, '\0');
    std::ifstream file(path, std::ios::binary);
    file.read(text.data(), std::streamsize(size));
    return file ? text : std::string();
}

} // namespace

std::vector<std::string> parseClassNames(std::string_view text) {
    constexpr std::string_view byteOrderMark = "\xef\xbb\xbf";
    constexpr std::string_view blanks = " \t\r\v\f";
    if (!isUtf8(text)) {
        return {};
    }
    if (text.starts_with(byteOrderMark)) {
        text.remove_prefix(byteOrderMark.size());
    }
    std::vector<std::string> names;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        const std::size_t begin = line.find_first_not_of(blanks);
        if (begin != std::string_view::npos) {
            names.emplace_back(line.substr(begin, line.find_last_not_of(blanks) + 1 - begin));
        }
    }
    return names;
}

ClassNames classNamesBeside(const fs::path& checkpoint, int classes) {
    // A directory may be given with a slash at its end, and neither path nor stem may be a dot.
    std::error_code problem;
    const fs::path path = fs::absolute(checkpoint, problem).lexically_normal();
    const fs::path named = path.has_filename() ? path : path.parent_path();
    const bool is_directory = fs::is_directory(named, problem);
    const fs::path directory = is_directory ? named : named.parent_path();
    const std::string stem = (is_directory ? named.filename() : named.stem()).string();
    for (const std::string& file :
         {stem + ".names", stem + ".classes.txt", std::string("classes.txt"),
          std::string("class_names.txt"), std::string("imagenet_classes.txt"),
          std::string("labels.txt")}) {
        std::vector<std::string> names = parseClassNames(textOf(directory / file));
        if (!names.empty() && names.size() == static_cast<std::size_t>(classes)) {
            return {.names = std::move(names), .source = file};
        }
    }
    return {};
}

} // namespace vitreous
