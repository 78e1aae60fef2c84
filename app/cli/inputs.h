#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "core/analysis/model.h"
#include "core/base/point_cloud.h"
#include "core/base/task.h"
#include "core/points/cloud_file.h"

namespace vitreous::cli {

/// The files that the `--input` arguments stand for, each once, and what could not be used.
struct InputList {
    std::vector<std::filesystem::path> files;
    std::vector<std::string> failures; ///< messages, path last
};

/// Directories become their pictures in name order (hidden files left out, no descent); files stay
/// as they are, in the order given. A missing path or a directory without a picture is a failure.
InputList expandInputs(const std::vector<std::filesystem::path>& paths);

/// A picture, a point cloud, or with the extension `.npy` a tensor that is preprocessed already.
using InputData = std::variant<Image, Array, PointCloud>;

/// mesh: which points of a mesh are taken. Tells them apart by extension; what has none that is
/// known is taken for a picture. Throws Error{Input}, path last.
InputData readInput(
    const std::filesystem::path& path,
    MeshSampling mesh = MeshSampling::Vertices,
    const Task& task = {});

/// Brings an input into a model's form. Throws Error{Input} where its shape is not the model's, or
/// it is a picture where the model takes points or points where it takes pictures.
PreparedInput
prepareInput(const InputData& data, const ModelSummary& summary, const Task& task = {});

} // namespace vitreous::cli
