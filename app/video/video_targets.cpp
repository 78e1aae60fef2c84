#include "app/video/video_targets.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <system_error>

#include "core/base/error.h"
#include "core/export/provenance.h"
#include "widgets/page_export.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;

std::string lowerExtension(const fs::path& path) {
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return extension;
}

void addArrays(
    VideoTargets& targets,
    const fs::path& output,
    const std::vector<std::string>& labels) {
    if (labels.size() == 1) {
        targets.arrays.push_back(output);
        return;
    }
    for (const std::string& label : labels) {
        targets.arrays.push_back(
            output.parent_path() / (resultName(output.stem().string(), label) + ".npz"));
    }
}

void add(VideoTargets& targets, const fs::path& output, const std::vector<std::string>& labels) {
    const std::string extension = lowerExtension(output);
    if (output.empty()) {
        throw Error(ErrorCode::Usage, "--output: expected a file or a directory, found nothing");
    }
    if (extension == ".mp4" || isSequencePath(output)) {
        targets.pages.push_back(output);
    } else if (extension == ".npz") {
        addArrays(targets, output, labels);
    } else if (extension == ".pdf" || extension == ".png") {
        targets.figures.push_back(output);
    } else {
        throw Error(
            ErrorCode::Usage,
            "--output: expected .mp4, a directory, .npz, .pdf or .png: " + output.string());
    }
    std::error_code ignored;
    const fs::path parent = fs::absolute(output).lexically_normal().parent_path();
    if (!isSequencePath(output) && !fs::is_directory(parent, ignored)) {
        throw Error(
            ErrorCode::Resource,
            "cannot be written, there is no such directory: " + parent.string());
    }
}

/// Without the slash that a directory may end in.
fs::path plain(const fs::path& path) {
    const fs::path normal = fs::absolute(path).lexically_normal();
    return normal.has_filename() ? normal : normal.parent_path();
}

} // namespace

std::vector<fs::path> VideoTargets::all() const {
    std::vector<fs::path> paths = pages;
    paths.insert(paths.end(), figures.begin(), figures.end());
    paths.insert(paths.end(), arrays.begin(), arrays.end());
    return paths;
}

VideoTargets videoTargets(
    const std::vector<fs::path>& outputs,
    const std::vector<std::string>& labels) {
    VideoTargets targets;
    for (const fs::path& output : outputs) {
        add(targets, output, labels);
    }
    std::set<fs::path> names;
    for (const fs::path& path : targets.all()) {
        if (!names.insert(plain(path)).second) {
            throw Error(
                ErrorCode::Usage,
                "two results would both be written as this, expected distinct outputs and labels "
                "(PATH,label=NAME): " +
                    path.string());
        }
        // A directory's name may have a dot in it, and is no one's extension.
        const fs::path sidecar = isSequencePath(path) ? fs::path(plain(path).string() + ".json")
                                                      : plain(path).replace_extension(".json");
        if (std::find(targets.sidecars.begin(), targets.sidecars.end(), sidecar) ==
            targets.sidecars.end()) {
            targets.sidecars.push_back(sidecar);
        }
    }
    return targets;
}

} // namespace vitreous
