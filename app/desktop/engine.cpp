#include "app/desktop/engine.h"

#include <algorithm>
#include <cctype>

#include "core/export/provenance.h"
#include "core/media/image_file.h"

namespace vitreous {
namespace {

InputData readInput(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    if (extension == ".npy") {
        return readNpy(path);
    }
    return readImage(path);
}

PreparedInput prepareInput(const InputData& data, const PreprocessSpec& spec) {
    if (const auto* tensor = std::get_if<Array>(&data)) {
        return fromTensor(*tensor, spec);
    }
    return preprocess(std::get<Image>(data), spec);
}

std::shared_ptr<Model>
loadImageModel(const ModelSpec& spec, const DeviceSpec& device, const Task& task) {
    std::shared_ptr<Model> model = loadModel(spec, device, task);
    if (model->summary().grouping) {
        throw Error(
            ErrorCode::Model, "this is a " + model->summary().family +
                                  " model of point clouds, which the window does not show yet; "
                                  "vitreous-cli analyze runs it: " +
                                  spec.path.string());
    }
    return model;
}

std::filesystem::path writeFile(const Model& model, const ResultFile& file, const Task& task) {
    const nlohmann::json facts =
        provenance(model, file.spec, file.input, file.options, *file.result, task);
    // Hashing takes its time.
    requireUnchanged(file);
    return writeResultAs(file.directory, file.name, *file.result, facts, task);
}

} // namespace

ModelStamp stampOf(const ModelSpec& spec) {
    return {stampOf(spec.path), spec.llm.empty() ? FileStamp() : stampOf(spec.llm)};
}

void requireUnchanged(const ResultFile& file) {
    const auto require = [](bool is_same, const std::filesystem::path& path) {
        if (!is_same) {
            throw Error(
                ErrorCode::Input,
                "changed since it was analysed, press F5 to run it again: " + path.string());
        }
    };
    const ModelStamp now = stampOf(file.spec);
    require(stampOf(file.input) == file.input_stamp, file.input);
    require(now.checkpoint == file.model_stamp.checkpoint, file.spec.path);
    require(now.llm == file.model_stamp.llm, file.spec.llm);
}

Engine coreEngine(int threads) {
    return {
        .start = [threads] { setThreadCount(threads); },
        .load = loadImageModel,
        .read = readInput,
        .read_mask = readMask,
        .prepare = prepareInput,
        .write = writeFile,
    };
}

Image pictureOf(const InputData& data) {
    if (const auto* image = std::get_if<Image>(&data)) {
        return *image;
    }
    const auto& tensor = std::get<Array>(data);
    constexpr std::int64_t most = 1 << 15;
    if (tensor.shape.size() != 3 || (tensor.shape[0] != 3 && tensor.shape[0] != 1) ||
        tensor.shape[1] < 1 || tensor.shape[2] < 1 || tensor.shape[1] > most ||
        tensor.shape[2] > most) {
        throw Error(
            ErrorCode::Input, "expected an array of shape (3, height, width) as a preprocessed "
                              "input, found " +
                                  std::to_string(tensor.shape.size()) + " dimensions");
    }
    PreprocessSpec spec;
    spec.channels = static_cast<int>(tensor.shape[0]);
    spec.crop_height = static_cast<int>(tensor.shape[1]);
    spec.crop_width = static_cast<int>(tensor.shape[2]);
    return fromTensor(tensor, spec).picture;
}

} // namespace vitreous
