#include "app/video/video_files.h"

#include <algorithm>
#include <iterator>
#include <system_error>

#include "app/video/video_job.h"
#include "app/video/video_provenance.h"
#include "core/base/error.h"
#include "core/base/file_output.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;

/// All sidecars or, where one cannot be written, nothing of the run.
void writeSidecars(const VideoTargets& targets, const nlohmann::json& facts) {
    const std::string text =
        facts.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    try {
        for (const fs::path& path : targets.sidecars) {
            writeFileWhole(path, text);
        }
    } catch (const Error&) {
        std::error_code ignored;
        for (const fs::path& path : targets.all()) {
            fs::remove_all(path, ignored);
        }
        throw;
    }
}

} // namespace

VideoTargets targetsOf(const VideoOrder& order, const std::vector<ModelSummary>& models) {
    std::vector<std::string> labels;
    std::transform(
        models.begin(), models.end(), std::back_inserter(labels),
        [](const ModelSummary& summary) { return summary.label; });
    return videoTargets(order.outputs, labels);
}

VideoFiles writeVideoFiles(
    const VideoOrder& order,
    const std::vector<std::shared_ptr<Model>>& models,
    const Task& task) {
    std::vector<ModelSummary> summaries;
    std::transform(
        models.begin(), models.end(), std::back_inserter(summaries),
        [](const std::shared_ptr<Model>& model) { return model->summary(); });
    const VideoJob job{
        .input = order.input,
        .models = models,
        .sampling = order.sampling,
        .frames_apart = order.frames_apart,
        .look = order.look,
        .all_taps = !order.has_tap,
        .all_maps = !order.has_map,
        .targets = targetsOf(order, summaries)};
    const VideoReport report = runVideoJob(job, task);
    writeSidecars(job.targets, videoProvenance(order, job, report, task));
    return {job.targets.all(), report.outcome.loss};
}

} // namespace vitreous
