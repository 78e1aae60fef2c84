#include "core/inputs/input_file.h"

#include <algorithm>
#include <cctype>

#include "core/base/error.h"
#include "core/inputs/clip_input.h"
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

} // namespace

InputKind kindOfInput(const std::filesystem::path& path) {
    return lowerExtension(path) == ".npy" ? InputKind::Tensor
           : hasPointCloudExtension(path) ? InputKind::Points
           : isVideoPath(path)            ? InputKind::Video
                                          : InputKind::Picture;
}

std::string_view withArticle(InputKind kind) {
    switch (kind) {
    case InputKind::Points:
        return "a point cloud";
    case InputKind::Tensor:
        return "a tensor";
    case InputKind::Video:
        return "a video";
    case InputKind::Picture:
        break;
    }
    return "a picture";
}

InputKind kindTakenBy(const ModelSummary& summary) {
    return summary.grouping     ? InputKind::Points
           : summary.frames > 0 ? InputKind::Video
                                : InputKind::Picture;
}

InputData readInput(const std::filesystem::path& path, MeshSampling mesh, const Task& task) {
    switch (kindOfInput(path)) {
    case InputKind::Tensor:
        return readNpy(path);
    case InputKind::Points:
        return std::make_shared<const PointCloud>(readPointCloud(path, {.sampling = mesh}, task));
    case InputKind::Video: {
        const VideoReader reader(path, task);
        return VideoSource{path, reader.info(), reader.containerTimes()};
    }
    case InputKind::Picture:
        break;
    }
    return readImage(path);
}

PreparedInput prepareInput(const InputData& data, const ModelSummary& summary, const Task& task) {
    const InputKind taken = kindTakenBy(summary);
    if (const auto* tensor = std::get_if<Array>(&data)) {
        if (taken == InputKind::Points) {
            return {.input = pointsFromTensor(*tensor, *summary.grouping)};
        }
        return fromTensor(*tensor, summary.preprocess);
    }
    const InputKind kind = std::holds_alternative<Image>(data)         ? InputKind::Picture
                           : std::holds_alternative<VideoSource>(data) ? InputKind::Video
                                                                       : InputKind::Points;
    if (kind != taken) {
        std::string message =
            std::string(withArticle(kind)) + ", expected " + std::string(withArticle(taken));
        if (kind == InputKind::Video && taken == InputKind::Picture) {
            message += " (vitreous-cli video runs models of pictures on every frame)";
        }
        throw Error(ErrorCode::Input, message);
    }
    switch (kind) {
    case InputKind::Points: {
        const auto& cloud = std::get<std::shared_ptr<const PointCloud>>(data);
        return {.input = preprocessPoints(cloud->positions, *summary.grouping, task)};
    }
    case InputKind::Video:
        return readClip(std::get<VideoSource>(data).path, summary.preprocess, task);
    default:
        return preprocess(std::get<Image>(data), summary.preprocess);
    }
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
