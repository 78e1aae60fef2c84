#include "core/train/init_checkpoint.h"

#include <algorithm>
#include <array>
#include <iterator>

#include <ATen/ops/cat.h>

#include "core/base/array.h"
#include "core/base/error.h"
#include "core/nn/config_facts.h"
#include "core/nn/positions.h"
#include "core/train/init_shape.h"

namespace vitreous {
namespace {

/// Refuses a checkpoint of which training would make another network.
void requirePlain(const ModelConfig& from, bool of_points, const std::string& path) {
    const std::array<std::pair<bool, const char*>, 14> foreign = {
        {{from.clip.present, "pieces of videos for tokens"},
         {from.points.present && !of_points, "groups of points for tokens"},
         {!from.points.present && of_points, "patches of pictures for tokens"},
         {from.layer_scale, "LayerScale"},
         {from.registers > 0, "register tokens"},
         {from.distilled, "a distillation token"},
         {from.patch_norm, "norms around its patch embedding"},
         {from.fc_norm || !from.final_norm, "a pooled head"},
         {!from.cls, "no CLS token"},
         {!from.qkv_bias, "no biases in its attention"},
         {from.llm.norm, "a trained llama.norm"},
         {from.channels != 3, "another number of channels than 3"},
         {from.patch_width != from.patch_height, "patches that are not square"},
         {from.activation != Activation::Gelu, "another activation than GELU"}}};
    for (const auto& [is_there, what] : foreign) {
        if (is_there) {
            throw Error(
                ErrorCode::Model, std::string("cannot be trained on, it has ") + what +
                                      ", expected a plain " +
                                      (of_points ? "Point-BERT: " : "ViT: ") + path);
        }
    }
}

/// Whether a tensor is of the layer that tells the classes.
bool isLastLayer(const std::string& name, const ModelConfig& config) {
    return name.starts_with("head.") ||
           (config.points.present &&
            name.starts_with(pointHeadName(config.points.head.back().index) + "."));
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

} // namespace

void takeInit(const Recipe& recipe, TrainingModel& model) {
    const Checkpoint checkpoint = openCheckpoint(recipe.init);
    const NameMapping mapping = mapNames(checkpoint);
    const TensorStore store(mapping, at::kCPU, at::kFloat);
    const ModelConfig from = deriveConfig(checkpoint, mapping, {});
    const std::string path = recipe.init.string();
    ModelConfig& to = model.config;
    requirePlain(from, to.points.present, path);
    to.eps = from.eps;
    std::copy(from.guessed.begin(), from.guessed.end(), std::back_inserter(model.remarks));
    const bool same_block = from.llm.present && from.llm.block == to.llm.block;
    const bool same_classes = from.classes == to.classes &&
                              (from.class_names.empty() || from.class_names == to.class_names);
    const bool same_grid = from.pos_rows == to.rows && from.pos_columns == to.columns;
    std::vector<std::string> fresh;
    for (const Parameter& parameter : model.parameters.all()) {
        const std::string& name = parameter.name;
        if (model.frozen.contains(name)) {
            continue;
        }
        const bool is_block = name.starts_with("llama.layers.");
        const bool is_llm = name.starts_with("llama");
        if ((isLastLayer(name, to) && !same_classes) || (is_block && !same_block) ||
            (is_llm && !mapping.has(name))) {
            fresh.push_back(name);
        } else if (name == "pos_embed" && !same_grid && from.width == to.width) {
            const at::Tensor stored = store.load(name);
            const at::Tensor grid = resizePositions(
                stored.slice(1, 1), {from.pos_rows, from.pos_columns}, {to.rows, to.columns});
            model.parameters.set(name, at::cat({stored.slice(1, 0, 1), grid}, 1));
            model.remarks.push_back(
                "positions are resized from " + std::to_string(from.pos_rows) + " x " +
                std::to_string(from.pos_columns) + " to " + std::to_string(to.rows) + " x " +
                std::to_string(to.columns) + " tokens");
        } else if (mapping.shape(name) == parameter.value.sizes().vec()) {
            model.parameters.set(name, store.load(name));
        } else {
            throw Error(
                ErrorCode::Model,
                (mapping.has(name)
                     ? name + ": expected " + shapeText(parameter.value.sizes().vec()) +
                           ", found " + shapeText(mapping.shape(name))
                     : "missing tensor " + name) +
                    ": " + path);
        }
    }
    std::vector<std::string> unused;
    for (const auto& [name, tensor] : mapping.tensors) {
        if (!model.parameters.loadOptional(name).defined()) {
            unused.push_back(name);
        }
    }
    if (!fresh.empty()) {
        model.remarks.push_back("starts fresh, not from --init: " + listed(fresh));
    }
    if (!unused.empty()) {
        model.remarks.push_back("left out of --init: " + listed(unused));
    }
}

void takeShape(const std::filesystem::path& init, Recipe& recipe) {
    const Checkpoint checkpoint = openCheckpoint(init);
    const ModelConfig config = deriveConfig(checkpoint, mapNames(checkpoint), {});
    recipe.width = config.width;
    recipe.depth = config.depth;
    recipe.heads = config.heads;
    if (config.points.present) {
        recipe.points = config.points.grouping.points;
        recipe.groups = config.points.grouping.groups;
        recipe.group_size = config.points.grouping.group_size;
    } else {
        recipe.patch = config.patch_height;
        recipe.size = config.rows * config.patch_height;
    }
}

} // namespace vitreous
