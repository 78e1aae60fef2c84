#include "app/cli/inputs.h"

#include <algorithm>
#include <set>
#include <system_error>

#include "core/base/error.h"
#include "core/media/image_file.h"

namespace vitreous::cli {
namespace {

namespace fs = std::filesystem;

/// The pictures, the point clouds and the videos of a directory.
std::vector<InputFile> filesIn(const fs::path& directory, std::error_code& problem) {
    std::vector<InputFile> files;
    fs::directory_iterator entry(directory, problem);
    while (!problem && entry != fs::directory_iterator()) {
        const fs::path& path = entry->path();
        std::error_code unreadable;
        if (!path.filename().string().starts_with('.') &&
            (hasImageExtension(path) || isPointCloudByName(path) || isVideoPath(path)) &&
            fs::is_regular_file(path, unreadable)) {
            files.push_back({path, kindOfInput(path), /*is_named=*/false});
        }
        entry.increment(problem);
    }
    std::sort(files.begin(), files.end(), [](const InputFile& a, const InputFile& b) {
        return a.path < b.path;
    });
    return files;
}

std::string unreadableDirectory(const fs::path& directory, const std::error_code& problem) {
    return "cannot read the directory (" + problem.message() + "): " + directory.string();
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
    const auto take = [&](const InputFile& file) {
        if (known.insert(identity(file.path)).second) {
            list.files.push_back(file);
        }
    };
    for (const fs::path& path : paths) {
        std::error_code problem;
        if (!fs::is_directory(path, problem)) {
            take({path, kindOfInput(path)});
            continue;
        }
        const std::vector<InputFile> files = filesIn(path, problem);
        if (problem) {
            list.failures.push_back(unreadableDirectory(path, problem));
        } else if (files.empty()) {
            list.failures.push_back(
                "no picture, no point cloud and no video in the directory: " + path.string());
        }
        std::for_each(files.begin(), files.end(), take);
    }
    return list;
}

std::vector<fs::path> picturesIn(const fs::path& directory) {
    std::error_code problem;
    std::vector<fs::path> pictures;
    for (const InputFile& file : filesIn(directory, problem)) {
        if (file.kind == InputKind::Picture) {
            pictures.push_back(file.path);
        }
    }
    if (problem) {
        throw Error(ErrorCode::Input, unreadableDirectory(directory, problem));
    }
    if (pictures.empty()) {
        throw Error(ErrorCode::Input, "no picture in the directory: " + directory.string());
    }
    return pictures;
}

} // namespace vitreous::cli
