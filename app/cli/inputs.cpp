#include "app/cli/inputs.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <system_error>

#include "core/base/error.h"
#include "core/media/image_file.h"

namespace vitreous::cli {
namespace {

namespace fs = std::filesystem;

std::string lowerExtension(const fs::path& path) {
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return extension;
}

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

PreparedInput
preparePoints(const InputData& data, const PointGrouping& grouping, const Task& task) {
    if (const auto* tensor = std::get_if<Array>(&data)) {
        return {pointsFromTensor(*tensor, grouping), {}};
    }
    if (const auto* cloud = std::get_if<PointCloud>(&data)) {
        return {preprocessPoints(cloud->positions, grouping, task), {}};
    }
    throw Error(ErrorCode::Input, "a picture, expected a point cloud");
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

InputData readInput(const fs::path& path, MeshSampling mesh, const Task& task) {
    if (lowerExtension(path) == ".npy") {
        return readNpy(path);
    }
    if (hasPointCloudExtension(path)) {
        return readPointCloud(path, {.sampling = mesh}, task);
    }
    return readImage(path);
}

PreparedInput prepareInput(const InputData& data, const ModelSummary& summary, const Task& task) {
    if (summary.grouping) {
        return preparePoints(data, *summary.grouping, task);
    }
    if (std::holds_alternative<PointCloud>(data)) {
        throw Error(ErrorCode::Input, "a point cloud, expected a picture");
    }
    const PreprocessSpec& spec = summary.preprocess;
    if (const auto* tensor = std::get_if<Array>(&data)) {
        return fromTensor(*tensor, spec);
    }
    return preprocess(std::get<Image>(data), spec);
}

} // namespace vitreous::cli
