#pragma once

#include <filesystem>
#include <memory>
#include <variant>

#include "core/analysis/model.h"
#include "core/base/image.h"
#include "core/base/point_cloud.h"
#include "core/base/task.h"
#include "core/points/cloud_file.h"

namespace vitreous {

/// A picture, a tensor that is preprocessed already, or a point cloud.
using InputData = std::variant<Image, Array, std::shared_ptr<const PointCloud>>;

/// What an input is by its name. A tensor may be for models of either kind.
enum class InputKind { Picture, Points, Tensor };

/// By the extension; what has none that is known is taken for a picture.
InputKind kindOfInput(const std::filesystem::path& path);

/// Reads a picture, a point cloud, or with the extension `.npy` a tensor, as kindOfInput tells.
/// mesh: which points of a mesh are taken. Throws Error{Input}, path last; Error{Interrupted}.
InputData readInput(
    const std::filesystem::path& path,
    MeshSampling mesh = MeshSampling::Vertices,
    const Task& task = {});

/// Brings an input into a model's form. Throws Error{Input} where its shape is not the model's, or
/// it is a picture where the model takes points or points where it takes pictures.
PreparedInput
prepareInput(const InputData& data, const ModelSummary& summary, const Task& task = {});

/// The points of an input for a model of points, whole; null where it has none. Those of a tensor
/// are taken as they are.
std::shared_ptr<const PointCloud> cloudIn(const InputData& data);

} // namespace vitreous
