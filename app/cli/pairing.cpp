#include "app/cli/pairing.h"

#include <algorithm>
#include <numeric>

#include "core/base/error.h"
#include "core/media/image_file.h"

namespace vitreous::cli {
namespace {

bool fits(InputKind kind, const ModelSummary& model) {
    return kind == InputKind::Tensor || kind == kindTakenBy(model);
}

/// "picture", "point cloud", "video"
std::string noun(InputKind kind) {
    return std::string(withArticle(kind).substr(2));
}

/// "1 picture", "3 point clouds"
std::string countText(std::size_t count, InputKind kind) {
    return std::to_string(count) + " " + noun(kind) + (count == 1 ? "" : "s");
}

/// What a tensor is by its shape. One that cannot be read stays a tensor, to fail where it is used.
InputKind kindByShape(const std::filesystem::path& path) {
    try {
        const std::size_t dimensions = readNpy(path).shape.size();
        return dimensions == 2   ? InputKind::Points
               : dimensions == 4 ? InputKind::Video
                                 : InputKind::Picture;
    } catch (const Error& error) {
        if (error.code() != ErrorCode::Input) {
            throw;
        }
        return InputKind::Tensor;
    }
}

/// "each model runs on the inputs of its kind: vit on 3 pictures, pb on 2 point clouds"
std::string sharesText(const std::vector<ModelSummary>& models, const Pairing& pairing) {
    std::string text;
    for (std::size_t i = 0; i < models.size(); ++i) {
        text += (i == 0 ? "each model runs on the inputs of its kind: " : ", ") + models[i].label +
                " on " + countText(pairing.inputs[i].size(), kindTakenBy(models[i]));
    }
    return text;
}

} // namespace

std::size_t Pairing::count() const {
    return std::accumulate(
        inputs.begin(), inputs.end(), std::size_t{0},
        [](std::size_t sum, const auto& of_model) { return sum + of_model.size(); });
}

Pairing pairInputs(const std::vector<ModelSummary>& models, const std::vector<InputFile>& files) {
    const bool is_mixed = std::any_of(models.begin(), models.end(), [&](const ModelSummary& one) {
        return kindTakenBy(one) != kindTakenBy(models.front());
    });
    const InputKind taken = kindTakenBy(models.front());
    const std::string expected = noun(taken);
    Pairing pairing;
    pairing.inputs.resize(models.size());
    std::vector<std::filesystem::path> left_out;
    InputKind kind_left_out{};
    for (const InputFile& file : files) {
        const InputKind kind =
            is_mixed && file.kind == InputKind::Tensor ? kindByShape(file.path) : file.kind;
        bool is_taken = false;
        for (std::size_t i = 0; i < models.size(); ++i) {
            if (fits(kind, models[i])) {
                pairing.inputs[i].push_back(file.path);
                is_taken = true;
            }
        }
        if (is_taken) {
            continue;
        }
        if (file.is_named) {
            pairing.failures.push_back(
                std::string(withArticle(kind)) + ", expected a " + expected +
                (kind == InputKind::Video && taken == InputKind::Picture
                     ? " (vitreous-cli video runs models of pictures on every frame): "
                     : ": ") +
                file.path.string());
        } else {
            left_out.push_back(file.path);
            kind_left_out = kind;
        }
    }
    if (!left_out.empty()) {
        pairing.remark = "left out " + countText(left_out.size(), kind_left_out) +
                         " found in directories, which no model here takes";
        if (pairing.count() == 0 && pairing.failures.empty()) {
            throw Error(
                ErrorCode::Input, "no " + expected + ", only " +
                                      countText(left_out.size(), kind_left_out) + ": " +
                                      left_out.front().parent_path().string());
        }
    } else if (pairing.count() < models.size() * (files.size() - pairing.failures.size())) {
        pairing.remark = sharesText(models, pairing);
    }
    return pairing;
}

} // namespace vitreous::cli
