#include "app/cli/inputs.h"

#include <algorithm>
#include <set>
#include <system_error>

#include "core/base/error.h"
#include "core/media/image_file.h"

namespace vitreous::cli {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> picturesIn(const fs::path& directory, std::error_code& problem) {
    std::vector<fs::path> pictures;
    fs::directory_iterator entry(directory, problem);
    while (!problem && entry != fs::directory_iterator()) {
        const fs::path& path = entry->path();
        std::error_code unreadable;
        if (!path.filename().string().starts_with('.') && hasImageExtension(path) &&
            fs::is_regular_file(path, unreadable)) {
            pictures.push_back(path);
        }
        entry.increment(problem);
    }
    std::sort(pictures.begin(), pictures.end());
    return pictures;
}

/// Names the same file the same way, so that it is taken once.
fs::path identity(const fs::path& path) {
    std::error_code problem;
    const fs::path absolute = fs::absolute(path, problem);
    return problem ? path : absolute.lexically_normal();
}

} // namespace

InputList expandInputs(const std::vector<fs::path>& paths) {
    InputList list;
    std::set<fs::path> known;
    const auto take = [&](const fs::path& path) {
        if (known.insert(identity(path)).second) {
            list.files.push_back(path);
        }
    };
    for (const fs::path& path : paths) {
        std::error_code problem;
        if (!fs::is_directory(path, problem)) {
            take(path);
            continue;
        }
        const std::vector<fs::path> pictures = picturesIn(path, problem);
        if (problem) {
            list.failures.push_back(
                "cannot read the directory (" + problem.message() + "): " + path.string());
        } else if (pictures.empty()) {
            list.failures.push_back("no picture in the directory: " + path.string());
        }
        std::for_each(pictures.begin(), pictures.end(), take);
    }
    return list;
}

} // namespace vitreous::cli
