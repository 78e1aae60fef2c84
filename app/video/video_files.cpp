#include "app/video/video_files.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "app/video/video_job.h"
#include "app/video/video_provenance.h"
#include "core/base/error.h"
#include "core/base/file_output.h"
#include "core/base/staged_files.h"
#include "core/media/picture_sequence.h"
#include "widgets/page_export.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;

/// The targets' places aside.
VideoTargets staged(const VideoTargets& targets, StagedFiles& files) {
    VideoTargets aside;
    for (const fs::path& path : targets.pages) {
        if (isSequencePath(path)) {
            aside.pages.push_back(files.directory(path));
        } else {
            aside.pages.push_back(files.file(path));
        }
    }
    const auto stage = [&files](const std::vector<fs::path>& from, std::vector<fs::path>& to) {
        for (const fs::path& path : from) {
            to.push_back(files.file(path));
        }
    };
    stage(targets.figures, aside.figures);
    stage(targets.arrays, aside.arrays);
    stage(targets.sidecars, aside.sidecars);
    return aside;
}

/// What is read must not be written.
void requireOtherThanRead(const VideoTargets& targets, const VideoOrder& order) {
    std::vector<fs::path> files = targets.all();
    files.insert(files.end(), targets.sidecars.begin(), targets.sidecars.end());
    for (const fs::path& file : files) {
        std::error_code problem;
        if (fs::equivalent(file, order.input, problem)) {
            throw Error(
                ErrorCode::Usage,
                "this is the video that is read, expected another name: " + file.string());
        }
        for (const ModelSpec& model : order.models) {
            if (fs::equivalent(file, model.path, problem) ||
                fs::equivalent(file, model.llm, problem)) {
                throw Error(
                    ErrorCode::Usage,
                    "this is a model that is read, expected another name: " + file.string());
            }
        }
    }
}

/// A .json beside a target is replaced only where it tells how something of ours was made.
void requireOwn(const fs::path& sidecar) {
    constexpr std::uintmax_t most_bytes = std::uintmax_t{64} << 20;
    std::error_code problem;
    const fs::file_status status = fs::status(sidecar, problem);
    if (!fs::exists(status)) {
        return;
    }
    bool is_own = false;
    if (fs::is_regular_file(status) && fs::file_size(sidecar, problem) <= most_bytes) {
        std::ifstream file(sidecar, std::ios::binary);
        const auto facts = nlohmann::json::parse(file, nullptr, false);
        is_own = facts.is_object() && facts.contains("program") && facts["program"] == "Vitreous";
    }
    if (!is_own) {
        throw Error(
            ErrorCode::Usage,
            "how the output is made would be written over another file, expected another name for "
            "the output: " +
                sidecar.string());
    }
}

} // namespace

VideoTargets targetsOf(const VideoOrder& order, const std::vector<ModelSummary>& models) {
    std::vector<std::string> labels;
    std::transform(
        models.begin(), models.end(), std::back_inserter(labels),
        [](const ModelSummary& summary) { return summary.label; });
    VideoTargets targets = videoTargets(order.outputs, labels);
    requireOtherThanRead(targets, order);
    for (const fs::path& path : targets.pages) {
        if (isSequencePath(path)) {
            requireFreeForPictures(path);
        }
    }
    std::for_each(targets.sidecars.begin(), targets.sidecars.end(), requireOwn);
    return targets;
}

VideoFiles writeVideoFiles(
    const VideoOrder& order,
    const std::vector<std::shared_ptr<Model>>& models,
    const Task& task) {
    std::vector<ModelSummary> summaries;
    std::transform(
        models.begin(), models.end(), std::back_inserter(summaries),
        [](const std::shared_ptr<Model>& model) { return model->summary(); });
    const VideoTargets targets = targetsOf(order, summaries);
    StagedFiles files;
    try {
        const VideoJob job{
            .input = order.input,
            .models = models,
            .sampling = order.sampling,
            .frames_apart = order.frames_apart,
            .look = order.look,
            .all_taps = !order.has_tap,
            .all_maps = !order.has_map,
            .targets = staged(targets, files)};
        const VideoReport report = runVideoJob(job, task);
        const nlohmann::json facts = videoProvenance(order, job, report, task);
        for (const fs::path& path : job.targets.sidecars) {
            writeFileWhole(
                path, facts.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
        }
        task.checkStop();
        files.commit();
        return {targets.all(), report.outcome.loss};
    } catch (const Error& error) {
        throw Error(error.code(), files.plain(error.what()));
    }
}

} // namespace vitreous
