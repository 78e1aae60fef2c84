#include "core/analysis/model_file.h"

#include <algorithm>

#include "core/analysis/class_names.h"
#include "core/base/array.h"
#include "core/nn/llm_source.h"
#include "core/nn/tap.h"

namespace vitreous {
namespace {

/// Puts one layer of a language model's file into the mapping as llama.layers.0. Tells which, where
/// that was not asked for.
LlmSource takeLanguageModelLayer(ModelFile& file, const ModelSpec& spec) {
    if (!file.mapping.has("llama_dim_mapper1.weight")) {
        throw Error(
            ErrorCode::Model,
            "llm was given, but there is no llama_dim_mapper1.weight to lead to it: " +
                spec.path.string());
    }
    file.llm = openCheckpoint(spec.llm);
    if (file.mapping.has("llama.layers.1.attention.wq.weight")) {
        throw Error(
            ErrorCode::Usage, "llm gives one block, and this checkpoint has several of its own, "
                              "expected it without llm: " +
                                  spec.path.string());
    }
    LlmSource source = takeLayers(*file.llm, spec.llm_layer, 1, spec.llm_heads);
    std::erase_if(file.mapping.tensors, [](const auto& item) {
        return item.first.starts_with("llama.layers.");
    });
    file.mapping.tensors.merge(source.layers.tensors);
    return source;
}

void refuseForeignOptions(const ModelSpec& spec, const NameMapping& mapping) {
    const bool no_llm = !mapping.has("llama_dim_mapper1.weight");
    const bool is_points = mapping.isOfPoints();
    const bool is_clip = mapping.isOfClips();
    const char* const not_of_points =
        is_clip ? "does not apply to a video model" : "does not apply to an image model";
    struct Foreign {
        const char* key;
        bool is_set;
        const char* reason;
    };
    for (const Foreign& option :
         {Foreign{"frames", !is_clip && spec.frames.has_value(), "applies to a video model"},
          Foreign{"groups", !is_points && spec.groups.has_value(), not_of_points},
          Foreign{"group_size", !is_points && spec.group_size.has_value(), not_of_points},
          Foreign{
              "size", is_points && spec.size.has_value(), "does not apply to a point-cloud model"},
          Foreign{
              "llm_heads", no_llm && spec.llm_heads.has_value(),
              "does not apply to a model without an LLM block"},
          Foreign{
              "llm_layer", spec.llm.empty() && spec.llm_layer.has_value(), "goes with llm=FILE"}}) {
        if (option.is_set) {
            throw Error(
                ErrorCode::Usage,
                std::string(option.key) + " " + option.reason + ": " + spec.path.string());
        }
    }
}

std::vector<Tap> tapsFrom(const std::vector<TapPlace>& places) {
    std::vector<Tap> taps;
    taps.reserve(places.size());
    for (const TapPlace& place : places) {
        taps.push_back({place.name, place.label});
    }
    return taps;
}

std::int64_t parameterCount(const ModelConfig& config) {
    std::int64_t count = 0;
    for (const auto& [name, shape] : expectedTensors(config)) {
        count += elementCount(shape);
    }
    return count;
}

/// Queries and keys of every block: until the pass is over in the model's own precision, a ViT
/// block's with its values, which they lie among; then as fp32 in the result.
std::uint64_t keptAttentionBytes(const ModelConfig& config, std::size_t element_bytes) {
    const std::uint64_t in_blocks = std::uint64_t(config.depth) * std::uint64_t(config.inner);
    std::uint64_t in_llm = 0;
    if (config.llm.present && config.llm.block == LlmBlock::Llama) {
        const int head_size = config.llm.width / config.llm.heads;
        in_llm = std::uint64_t(config.llm.layers) *
                 (std::uint64_t(config.llm.width) +
                  std::uint64_t(config.llm.kv_heads) * std::uint64_t(head_size));
    }
    return std::uint64_t(config.tokens()) *
           (element_bytes * (3 * in_blocks + in_llm) + sizeof(float) * (2 * in_blocks + in_llm));
}

} // namespace

ModelFile openModelFile(const ModelSpec& spec) {
    ModelFile file;
    file.checkpoint = openCheckpoint(spec.path, {.state_key = spec.state});
    file.mapping = mapNames(file.checkpoint, spec.family);
    refuseForeignOptions(spec, file.mapping);
    ModelHints hints{
        .heads = spec.heads,
        .llm_heads = spec.llm_heads,
        .size = spec.size,
        .eps = spec.eps,
        .frames = spec.frames,
        .groups = spec.groups,
        .group_size = spec.group_size};
    if (!spec.llm.empty()) {
        const LlmSource source = takeLanguageModelLayer(file, spec);
        hints.llm_heads = source.config.heads;
        file.config = deriveConfig(file.checkpoint, file.mapping, hints);
        std::copy(
            source.guessed.begin(), source.guessed.end(), std::back_inserter(file.config.guessed));
    } else {
        file.config = deriveConfig(file.checkpoint, file.mapping, hints);
    }
    requireExactTensors(file.checkpoint, file.mapping, file.config);
    return file;
}

std::uint64_t estimateInputBytes(
    const ModelConfig& config,
    std::size_t element_bytes,
    const AnalysisOptions& options) {
    const auto tokens = static_cast<std::uint64_t>(config.tokens());
    // The residual stream and its norm, q, k, v and the output, two MLP buffers.
    const auto values = [&](int width, int inner, int hidden) {
        return element_bytes * tokens *
               (3 * std::uint64_t(width) + 4 * std::uint64_t(inner) + 2 * std::uint64_t(hidden));
    };
    // The attention: its scores, and with them what the softmax makes of them.
    const auto matrices = [tokens](int heads, std::size_t bytes) {
        return std::uint64_t(heads) * tokens * tokens * bytes;
    };
    std::uint64_t pass = values(config.width, config.inner, config.hidden) +
                         matrices(config.heads, 2 * element_bytes);
    if (config.llm.present) {
        // The LLM's softmax is in fp32: narrower scores are widened for it.
        const std::size_t widened =
            element_bytes < sizeof(float) ? element_bytes + 2 * sizeof(float) : 2 * sizeof(float);
        pass = std::max(
            pass, values(config.llm.width, config.llm.width, config.llm.hidden) +
                      matrices(config.llm.heads, widened));
    }
    const std::uint64_t maps =
        2 * tokens * std::uint64_t(std::max(config.width, config.llm.width)) * sizeof(float);
    // As floats for the caller, in the batch, and as pictures.
    const std::uint64_t pixels = std::uint64_t(config.rows) * std::uint64_t(config.patch_height) *
                                 std::uint64_t(config.columns) * std::uint64_t(config.patch_width);
    const auto frames = static_cast<std::uint64_t>(std::max(config.clip.frames, 1));
    std::uint64_t input = frames * pixels * 3 * (2 * sizeof(float) + 1);
    if (config.clip.present) {
        // In the model's precision, and once more as the pieces that become tokens; positions.
        input += element_bytes * (2 * frames * pixels * 3 + tokens * std::uint64_t(config.width));
    }
    // The mini-PointNet: two buffers of its widest layer and what is joined for it.
    const PointConfig& points = config.points;
    const std::uint64_t embedding =
        points.present
            ? std::uint64_t(points.grouping.groups) * std::uint64_t(points.grouping.group_size) *
                  (2 * std::uint64_t(points.second_hidden) + 4 * std::uint64_t(points.first_out) +
                   std::uint64_t(points.encoder_width))
            : 0;
    std::uint64_t kept = options.keep_attention ? keptAttentionBytes(config, element_bytes) : 0;
    if (options.features) {
        // In the recorder and in the result.
        const auto llm_taps = std::uint64_t(config.llm.present ? 3 + 4 * config.llm.layers : 0);
        kept += 2 * sizeof(float) * tokens *
                ((std::uint64_t(config.depth) + 2) * std::uint64_t(config.width) +
                 llm_taps * std::uint64_t(config.llm.width));
    }
    return pass + embedding * element_bytes + maps + input + kept;
}

std::uint64_t estimateBytes(const ModelFile& file, std::size_t element_bytes) {
    return std::uint64_t(parameterCount(file.config)) * element_bytes +
           estimateInputBytes(file.config, element_bytes, {});
}

ModelSummary summarise(const ModelFile& file, const ModelSpec& spec) {
    const ModelConfig& config = file.config;
    ModelSummary summary;
    summary.label = labelOf(spec);
    summary.path = spec.path;
    summary.family = config.family;
    summary.container = file.checkpoint.container;
    summary.state_key = file.checkpoint.state_key;
    summary.state_keys = file.checkpoint.state_keys;
    summary.file_bytes = file.checkpoint.file_bytes;
    summary.parameters = parameterCount(config);
    summary.depth = config.depth;
    summary.width = config.width;
    summary.heads = config.heads;
    summary.patch = config.patch_height;
    summary.input_width = config.columns * config.patch_width;
    summary.input_height = config.rows * config.patch_height;
    summary.channels = config.channels;
    summary.rows = config.rows;
    summary.columns = config.columns;
    if (config.clip.present) {
        summary.frames = config.clip.frames;
        summary.tubelet = config.clip.tubelet;
        summary.times = config.times();
    }
    summary.classes = config.classes;
    summary.registers = config.registers;
    summary.prefix_tokens = config.prefixTokens();
    summary.has_cls = config.cls;
    if (config.llm.present) {
        summary.llm_block = name(config.llm.block);
        summary.llm_after = config.llm.after;
    }
    summary.llm_layers = config.llm.layers;
    summary.llm_width = config.llm.width;
    summary.llm_heads = config.llm.heads;
    summary.layer_norm_eps = config.eps;
    summary.taps = tapsFrom(tapPlaces(config));
    summary.blocks = tapsFrom(attentionPlaces(config));
    summary.guessed = config.guessed;
    summary.class_names = config.class_names;
    if (!config.class_names.empty()) {
        summary.class_names_source = "config";
    } else if (config.classes > 0) {
        ClassNames beside = classNamesBeside(spec.path, config.classes);
        summary.class_names = std::move(beside.names);
        summary.class_names_source = std::move(beside.source);
    }
    summary.preprocess = config.preprocess;
    if (config.points.present) {
        summary.grouping = config.points.grouping;
    }
    summary.memory_bytes = estimateBytes(file, sizeof(float));
    return summary;
}

} // namespace vitreous
