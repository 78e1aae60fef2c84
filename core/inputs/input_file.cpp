#include "core/inputs/input_file.h"

#include <algorithm>
#include <cctype>

#include "core/base/error.h"
#include "core/media/image_file.h"

namespace vitreous {
namespace {

std::string lowerExtension(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return extension;
}

PreparedInput
preparePoints(const InputData& data, const PointGrouping& grouping, const Task& task) {
    if (const auto* tensor = std::get_if<Array>(&data)) {
        return {pointsFromTensor(*tensor, grouping), {}};
    }
    if (const auto* cloud = std::get_if<std::shared_ptr<const PointCloud>>(&data)) {
        return {preprocessPoints((*cloud)->positions, grouping, task), {}};
    }
    throw Error(ErrorCode::Input, "a picture, expected a point cloud");
}

} // namespace

InputKind kindOfInput(const std::filesystem::path& path) {
    return lowerExtension(path) == ".npy" ? InputKind::Tensor
           : hasPointCloudExtension(path) ? InputKind::Points
                                          : InputKind::Picture;
}

InputData readInput(const std::filesystem::path& path, MeshSampling mesh, const Task& task) {
    switch (kindOfInput(path)) {
    case InputKind::Tensor:
        return readNpy(path);
    case InputKind::Points:
        return std::make_shared<const PointCloud>(readPointCloud(path, {.sampling = mesh}, task));
    case InputKind::Picture:
        break;
    }
    return readImage(path);
}

PreparedInput prepareInput(const InputData& data, const ModelSummary& summary, const Task& task) {
    if (summary.grouping) {
        return preparePoints(data, *summary.grouping, task);
    }
    if (std::holds_alternative<std::shared_ptr<const PointCloud>>(data)) {
        throw Error(ErrorCode::Input, "a point cloud, expected a picture");
    }
    const PreprocessSpec& spec = summary.preprocess;
    if (const auto* tensor = std::get_if<Array>(&data)) {
        return fromTensor(*tensor, spec);
    }
    return preprocess(std::get<Image>(data), spec);
}

std::shared_ptr<const PointCloud> cloudIn(const InputData& data) {
    if (const auto* cloud = std::get_if<std::shared_ptr<const PointCloud>>(&data)) {
        return *cloud;
    }
    const auto* tensor = std::get_if<Array>(&data);
    if (tensor == nullptr || tensor->shape.size() != 2 || tensor->shape[1] != 3) {
        return nullptr;
    }
    auto cloud = std::make_shared<PointCloud>();
    cloud->positions = tensor->values;
    return cloud;
}

} // namespace vitreous
