#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <variant>
#include <vector>

#include "core/analysis/model.h"
#include "core/base/image.h"
#include "core/base/point_cloud.h"
#include "core/base/task.h"
#include "core/media/video_reader.h"
#include "core/points/cloud_file.h"

namespace vitreous {

/// A video that can be read, its frames still in the file.
struct VideoSource {
    std::filesystem::path path;
    VideoInfo info;
    std::vector<double> times_secs{}; ///< VideoReader::containerTimes

    friend bool operator==(const VideoSource&, const VideoSource&) = default;
};

/// A picture, a tensor that is preprocessed already, a point cloud, or a video.
using InputData = std::variant<Image, Array, std::shared_ptr<const PointCloud>, VideoSource>;

/// What an input is by its name. A tensor may be for models of any kind.
enum class InputKind { Picture, Points, Tensor, Video };

/// "a picture", "a point cloud", "a tensor", "a video".
std::string_view withArticle(InputKind kind);
/// What a model takes beside tensors.
InputKind kindTakenBy(const ModelSummary& summary);

/// By the extension; what has none that is known is taken for a picture.
InputKind kindOfInput(const std::filesystem::path& path);

/// Reads a picture, a point cloud, or with the extension `.npy` a tensor, as kindOfInput tells; a
/// video is opened.
/// mesh: which points of a mesh are taken. Throws Error{Input}, path last; Error{Interrupted}.
InputData readInput(
    const std::filesystem::path& path,
    MeshSampling mesh = MeshSampling::Vertices,
    const Task& task = {});

/// Brings an input into a model's form; of a video that is a clip of evenly spaced frames
/// (readClip). Throws Error{Input} where its shape is not the model's, or it is of another kind
/// than the model takes, Error{Interrupted}.
PreparedInput
prepareInput(const InputData& data, const ModelSummary& summary, const Task& task = {});

/// The points of an input for a model of points, whole; null where it has none. Those of a tensor
/// are taken as they are.
std::shared_ptr<const PointCloud> cloudIn(const InputData& data);

} // namespace vitreous
