#include "core/train/training_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include <ATen/core/grad_mode.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>

#include "core/base/array.h"
#include "core/base/error.h"
#include "core/nn/config_facts.h"
#include "core/nn/llm_source.h"
#include "core/train/digest.h"
#include "core/train/init_checkpoint.h"
#include "core/train/random.h"
#include "core/train/shape_data.h"
#include "core/train/training_memory.h"

namespace vitreous {
namespace {

using Shape = std::vector<std::int64_t>;

constexpr double kDeviation = 0.02;

std::uint64_t keyOf(const std::string& name) {
    Digest digest;
    digest.add(std::as_bytes(std::span(name)));
    return digest.value();
}

template <typename Draw>
at::Tensor drawn(const Shape& shape, Draw draw) {
    at::Tensor tensor = at::zeros(shape, at::kFloat);
    auto* values = tensor.data_ptr<float>();
    for (std::int64_t i = 0; i < tensor.numel(); ++i) {
        values[i] = static_cast<float>(draw());
    }
    return tensor;
}

/// Normal, cut off at two deviations.
at::Tensor normal(const Shape& shape, Random& random) {
    return drawn(shape, [&random] {
        while (true) {
            const double value = random.normal();
            if (std::abs(value) <= 2.0) {
                return kDeviation * value;
            }
        }
    });
}

/// Source: Glorot and Bengio, AISTATS 2010; as ViT initialises its linear layers. A kernel counts
/// as the matrix that it is to one patch.
at::Tensor xavierUniform(const Shape& shape, Random& random) {
    const std::int64_t out = shape.front();
    const std::int64_t in = elementCount(shape) / out;
    const double limit = std::sqrt(6.0 / double(in + out));
    return drawn(shape, [&random, limit] { return random.uniform(-limit, limit); });
}

at::Tensor freshTensor(const std::string& name, const Shape& shape, std::uint64_t seed) {
    Random random{seed, keyOf(name)};
    if (name.ends_with(".bias") || name.ends_with(".running_mean")) {
        return at::zeros(shape, at::kFloat);
    }
    if (shape.size() == 1) {
        return at::ones(shape, at::kFloat);
    }
    const bool is_llama =
        name.starts_with("llama.layers.") && name.find(".mlp.") == std::string::npos;
    const bool is_convolution = name.starts_with("encoder.");
    if ((shape.size() == 3 && !is_convolution) || name == "head.weight" || is_llama) {
        return normal(shape, random);
    }
    return xavierUniform(shape, random);
}

/// Parameters of one LLaMA block.
std::int64_t blockSize(const LlmConfig& llm) {
    const std::int64_t width = llm.width;
    const std::int64_t kv = std::int64_t{llm.kv_heads} * (llm.width / llm.heads);
    return 2 * width * width + 2 * kv * width + 3 * width * llm.hidden + 2 * width;
}

/// The blocks that the recipe asks for, given the shape of its language model's.
LlmConfig blocksFor(const Recipe& recipe, const LlmConfig& source) {
    LlmConfig llm = source;
    llm.after = recipe.position == BlockPosition::Head     ? 0
                : recipe.position == BlockPosition::Middle ? recipe.depth / 2
                                                           : recipe.depth;
    if (recipe.block == BlockKind::Identity) {
        llm.block = LlmBlock::Identity;
        llm.layers = 0;
    } else if (recipe.block == BlockKind::Mlp) {
        llm.block = LlmBlock::Mlp;
        // Two matrices, their biases and a norm, as many numbers as the block has.
        llm.hidden = int(std::lround(
            double(blockSize(source) - 2 * source.width) / double(2 * source.width + 1)));
    }
    return llm;
}

/// Point-BERT with a mini-PointNet half as wide as the reference's, and one hidden layer in the
/// head.
PointConfig pointsConfig(const Recipe& recipe, int classes) {
    PointConfig points;
    points.present = true;
    points.grouping = groupingOf(recipe);
    points.first_hidden /= 2;
    points.first_out /= 2;
    points.second_hidden /= 2;
    points.encoder_width = 2 * recipe.width;
    points.reduce = true;
    points.position_hidden = recipe.width;
    // The rectifier between them has an index of its own.
    points.head = {{.index = 0, .outputs = recipe.width}, {.index = 2, .outputs = classes}};
    return points;
}

ModelConfig baseConfig(const Recipe& recipe, const std::vector<std::string>& classes) {
    ModelConfig config;
    config.depth = recipe.depth;
    config.width = config.inner = recipe.width;
    config.heads = recipe.heads;
    config.hidden = 4 * recipe.width;
    config.cls = config.qkv_bias = config.final_norm = config.head_bias = true;
    config.classes = int(classes.size());
    config.class_names = classes;
    if (recipe.shapes) {
        config.points = pointsConfig(recipe, config.classes);
        config.eps = 1e-5; // torch's default, which Point-BERT keeps
        config.rows = 1;
        config.columns = recipe.groups;
        return config;
    }
    config.patch_width = config.patch_height = recipe.patch;
    config.rows = config.columns = config.pos_rows = config.pos_columns =
        recipe.size / recipe.patch;
    config.pos_prefix = 1;
    config.preprocess = trainingPreprocess(recipe.size);
    return config;
}

/// The tensor's own bytes, or a copy in its type where they are a view of something else.
TensorEntry asInItsFile(const MappedTensor& mapped, const at::Tensor& value) {
    const TensorEntry& part = mapped.parts.front();
    if (mapped.parts.size() > 1 || !isRowMajor(part)) {
        return entryOf(mapped.name, value, part.dtype);
    }
    TensorEntry entry = part;
    entry.name = mapped.name;
    return entry;
}

at::ScalarType torchType(DType type) {
    switch (type) {
    case DType::Float16:
        return at::kHalf;
    case DType::BFloat16:
        return at::kBFloat16;
    default:
        return at::kFloat;
    }
}

} // namespace

PreprocessSpec trainingPreprocess(int size) {
    PreprocessSpec spec;
    spec.crop_width = spec.crop_height = spec.resize_short = size;
    spec.mean.fill(0.5f);
    spec.deviation.fill(0.25f);
    spec.source = "as trained";
    return spec;
}

TrainingModel buildModel(
    const Recipe& recipe,
    const std::vector<std::string>& classes,
    const at::Device& device) {
    TrainingModel model;
    model.config = baseConfig(recipe, classes);
    std::optional<LlmSource> source;
    const bool takes_weights =
        recipe.block == BlockKind::Frozen || recipe.block == BlockKind::Unfrozen;
    if (recipe.block != BlockKind::None) {
        source = takeLayers(
            openCheckpoint(recipe.llm), recipe.llm_layer, recipe.llm_layers, std::nullopt);
        model.config.llm = blocksFor(recipe, source->config);
        model.remarks = source->guessed;
    }
    requireTrainingMemory(model.config, recipe, device);
    for (const auto& [name, shape] : expectedTensors(model.config)) {
        const bool is_block = name.starts_with("llama.layers.");
        const bool trained = isTrained(name, recipe.block);
        at::Tensor value;
        if (is_block && takes_weights) {
            if (!source->layers.has(name) || source->layers.shape(name) != shape) {
                throw Error(
                    ErrorCode::Model, name + ": expected " + shapeText(shape) + ", found " +
                                          shapeText(source->layers.shape(name)) + ": " +
                                          recipe.llm.string());
            }
            value = TensorStore(source->layers, at::kCPU, at::kFloat).load(name);
            if (recipe.block == BlockKind::Frozen) {
                model.frozen[name] = asInItsFile(source->layers.tensors.at(name), value);
            }
        } else {
            value = freshTensor(name, shape, recipe.seed);
        }
        model.parameters.add(name, value.to(device), trained);
    }
    if (!recipe.init.empty()) {
        takeInit(recipe, model);
    }
    return model;
}

TensorEntry entryOf(const std::string& name, const at::Tensor& value, DType type) {
    const at::NoGradGuard no_gradient;
    const auto held =
        std::make_shared<at::Tensor>(value.detach().to(at::kCPU, torchType(type)).contiguous());
    TensorEntry entry;
    entry.name = name;
    entry.dtype = type;
    entry.shape = held->sizes().vec();
    entry.strides = held->strides().vec();
    entry.bytes = {
        static_cast<const std::byte*>(held->data_ptr()),
        static_cast<std::size_t>(held->numel()) * byteSize(type)};
    entry.owner = held;
    return entry;
}

std::vector<TensorEntry> entriesOf(const TrainingModel& model, DType type) {
    std::vector<TensorEntry> entries;
    for (const Parameter& parameter : model.parameters.all()) {
        const auto frozen = model.frozen.find(parameter.name);
        entries.push_back(
            frozen != model.frozen.end() ? frozen->second
                                         : entryOf(parameter.name, parameter.value, type));
    }
    return entries;
}

nlohmann::json configOf(const ModelConfig& config) {
    const PreprocessSpec& spec = config.preprocess;
    nlohmann::json labels = nlohmann::json::object();
    for (std::size_t i = 0; i < config.class_names.size(); ++i) {
        labels[std::to_string(i)] = config.class_names[i];
    }
    nlohmann::json json = {
        {"model_type", config.points.present ? "point-bert" : "vit"},
        {"num_attention_heads", config.heads},
        {"layer_norm_eps", config.eps},
        {"hidden_act", "gelu"},
        {"id2label", labels}};
    if (config.points.present) {
        const PointGrouping& grouping = config.points.grouping;
        json["npoints"] = grouping.points;
        json["num_group"] = grouping.groups;
        json["group_size"] = grouping.group_size;
    } else {
        json["image_size"] = spec.crop_height;
        json["pretrained_cfg"] = {
            {"input_size", {3, spec.crop_height, spec.crop_width}},
            {"mean", spec.mean},
            {"std", spec.deviation},
            {"interpolation", "bicubic"},
            {"crop_pct", 1.0}};
    }
    if (config.llm.present) {
        json["llm_block"] = name(config.llm.block);
        json["llm_position"] = config.llm.after;
        if (config.llm.block == LlmBlock::Llama) {
            json["llm_num_attention_heads"] = config.llm.heads;
        }
    }
    return json;
}

} // namespace vitreous
