#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "app/cli/analyze_arguments.h"
#include "core/analysis/model.h"
#include "core/base/point_cloud.h"
#include "core/base/task.h"

namespace vitreous::cli {

/// Throws Error{Usage}, path last, where files of point clouds are asked of a model of pictures, or
/// a model computes no map to colour by.
void requirePointFiles(
    const std::vector<ModelSummary>& models,
    const AnalysisOptions& options,
    const PointFileOptions& asked);

/// Adds what was asked for to a request (requestOf): a key a file, named as its extension.
void addPointFiles(nlohmann::json& request, const PointFileOptions& asked);

/// A result's point cloud, for the files beside its arrays.
struct PointOutput {
    std::filesystem::path stem; ///< of the files: directory and name without the extension
    std::shared_ptr<const PointCloud> cloud; ///< null where no `.ply` is asked for
    bool is_preprocessed = false;            ///< in the space of the group centres already
    std::string input_sha256;
};

/// Writes the files and says in the provenance how. Returns their paths. Throws as
/// writeColoredCloud and writeCloudCsv.
std::vector<std::filesystem::path> writePointFiles(
    const PointOutput& output,
    const AnalysisResult& result,
    const PointFileOptions& asked,
    nlohmann::json& provenance,
    const Task& task);

} // namespace vitreous::cli
