#include "core/nn/model_config.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/base/array.h"
#include "core/io/printable.h"
#include "core/nn/clip_config.h"
#include "core/nn/config_facts.h"
#include "core/nn/point_config.h"
#include "core/nn/tensor_shape.h"

namespace vitreous {
namespace {

[[noreturn]] void refuse(const Checkpoint& checkpoint, const std::string& what) {
    refuseModel(checkpoint.path, what);
}

/// One more than the largest N in `prefix.N.`.
int countLayers(
    const std::filesystem::path& path,
    const NameMapping& mapping,
    const std::string& prefix) {
    std::set<int> numbers;
    for (const auto& [name, tensor] : mapping.tensors) {
        if (name.starts_with(prefix)) {
            numbers.insert(std::atoi(name.c_str() + prefix.size()));
        }
    }
    int count = 0;
    for (const int number : numbers) {
        if (number != count) {
            refuseModel(
                path, "missing all tensors of " + prefix + std::to_string(count) +
                          ", the next that is there is " + prefix + std::to_string(number));
        }
        ++count;
    }
    return count;
}

int squareSide(std::int64_t count) {
    const auto side = static_cast<std::int64_t>(std::lround(std::sqrt(double(count))));
    return count > 0 && side * side == count ? static_cast<int>(side) : 0;
}

void deriveGrid(
    const Checkpoint& checkpoint,
    const NameMapping& mapping,
    const ModelHints& hints,
    ModelConfig& config) {
    const std::int64_t positions = shapeOf(checkpoint.path, mapping, "pos_embed", 3)[1];
    const std::optional<std::pair<int, int>> stated = statedInputSize(checkpoint);
    const int with_cls = int(config.cls) + int(config.distilled);
    for (const int prefix : {with_cls, config.prefixTokens(), 0}) {
        const std::int64_t patches = positions - prefix;
        if (stated && std::int64_t{stated->first / config.patch_height} *
                              (stated->second / config.patch_width) ==
                          patches) {
            config.pos_rows = stated->first / config.patch_height;
            config.pos_columns = stated->second / config.patch_width;
        } else if (const int side = squareSide(patches); side > 0) {
            config.pos_rows = config.pos_columns = side;
        } else {
            continue;
        }
        config.pos_prefix = prefix;
        break;
    }
    if (config.pos_rows == 0) {
        refuse(
            checkpoint,
            "pos_embed: " + std::to_string(positions) + " positions are no square grid of patches");
    }
    config.rows = config.pos_rows;
    config.columns = config.pos_columns;
    if (hints.size) {
        if (*hints.size < config.patch_height || *hints.size % config.patch_height != 0 ||
            *hints.size % config.patch_width != 0) {
            refuse(
                checkpoint, "size " + std::to_string(*hints.size) +
                                " is no multiple of the patch size " +
                                std::to_string(config.patch_height));
        }
        config.rows = *hints.size / config.patch_height;
        config.columns = *hints.size / config.patch_width;
    }
}

void deriveHeads(const Checkpoint& checkpoint, const ModelHints& hints, ModelConfig& config) {
    if (hints.heads) {
        config.heads = *hints.heads;
    } else if (const auto stated = statedHeads(checkpoint)) {
        config.heads = *stated;
    } else if (const auto named = headsOfModelName(checkpoint);
               named && config.inner % named->first == 0) {
        config.heads = named->first;
        config.guessed.push_back(
            "heads = " + std::to_string(config.heads) + " (from the name " + named->second + ")");
    } else {
        config.heads = config.inner % 64 == 0 ? config.inner / 64 : 1;
        config.guessed.push_back(
            "heads = " + std::to_string(config.heads) + " (head size " +
            std::to_string(config.inner / config.heads) + ")");
    }
    if (config.heads < 1 || config.inner % config.heads != 0) {
        refuse(
            checkpoint, std::to_string(config.heads) + " heads do not divide the attention width " +
                            std::to_string(config.inner));
    }
}

void deriveLlm(
    const Checkpoint& checkpoint,
    const NameMapping& mapping,
    const ModelHints& hints,
    ModelConfig& config) {
    constexpr const char* mapper = "llama_dim_mapper1.weight";
    const bool has_layers = countLayers(checkpoint.path, mapping, "llama.layers.") > 0;
    if (!has_layers && !mapping.has(mapper)) {
        return;
    }
    const StatedLlm stated = statedLlm(checkpoint);
    LlmConfig& llm = config.llm;
    if (stated.block == LlmBlock::Identity && !has_layers) {
        llm.block = LlmBlock::Identity;
    } else if (mapping.has("llama.layers.0.mlp.fc1.weight")) {
        llm.block = LlmBlock::Mlp;
        llm.layers = countLayers(checkpoint.path, mapping, "llama.layers.");
        llm.hidden = int(shapeOf(checkpoint.path, mapping, "llama.layers.0.mlp.fc1.weight", 2)[0]);
    } else if (!has_layers) {
        refuse(
            checkpoint, "missing tensor llama.layers.0.attention.wq.weight, give the LLM block "
                        "with llm=FILE,llm_layer=N");
    } else {
        llm = llamaConfig(
            checkpoint.path, mapping, hints.llm_heads ? hints.llm_heads : stated.heads,
            config.guessed);
    }
    llm.present = true;
    llm.width = int(shapeOf(checkpoint.path, mapping, mapper, 2)[0]);
    llm.norm = mapping.has("llama.norm.weight");
    llm.after = stated.after.value_or(config.depth);
    if (llm.after > config.depth) {
        refuse(
            checkpoint, "llm_position " + std::to_string(llm.after) + ", the model has " +
                            std::to_string(config.depth) + " blocks");
    }
}

} // namespace

std::string_view name(LlmBlock block) {
    switch (block) {
    case LlmBlock::Mlp:
        return "mlp";
    case LlmBlock::Identity:
        return "identity";
    case LlmBlock::Llama:
        break;
    }
    return "llama";
}

LlmConfig llamaConfig(
    const std::filesystem::path& path,
    const NameMapping& mapping,
    std::optional<int> heads,
    std::vector<std::string>& guessed) {
    LlmConfig llm;
    llm.present = true;
    llm.layers = countLayers(path, mapping, "llama.layers.");
    const auto wq = shapeOf(path, mapping, "llama.layers.0.attention.wq.weight", 2);
    const auto wk = shapeOf(path, mapping, "llama.layers.0.attention.wk.weight", 2);
    llm.width = int(wq[1]);
    llm.hidden = int(shapeOf(path, mapping, "llama.layers.0.feed_forward.w1.weight", 2)[0]);
    const int inner = int(wq[0]);
    if (heads) {
        llm.heads = *heads;
    } else {
        const int head_size = llm.width > 2048 ? 128 : 64;
        llm.heads = inner % head_size == 0 ? inner / head_size : 1;
        guessed.push_back(
            "llm_heads = " + std::to_string(llm.heads) + " (head size " +
            std::to_string(inner / llm.heads) + ")");
    }
    if (llm.heads < 1 || inner % llm.heads != 0 || inner != llm.width) {
        refuseModel(
            path, std::to_string(llm.heads) + " LLM heads do not divide the attention width " +
                      std::to_string(inner));
    }
    const int head_size = inner / llm.heads;
    llm.kv_heads = int(wk[0]) / head_size;
    if (wk[0] % head_size != 0 || llm.kv_heads < 1 || llm.heads % llm.kv_heads != 0) {
        refuseModel(
            path, "llama.layers.0.attention.wk.weight: " + shapeText(wk) + " does not fit " +
                      std::to_string(llm.heads) + " heads of " + std::to_string(head_size));
    }
    return llm;
}

namespace {

void derivePatches(const Checkpoint& checkpoint, const NameMapping& mapping, ModelConfig& config) {
    const auto patch = shapeOf(checkpoint.path, mapping, "patch_embed.proj.weight", 4);
    config.width = int(patch[0]);
    config.channels = int(patch[1]);
    config.patch_height = int(patch[2]);
    config.patch_width = int(patch[3]);
    constexpr int most_patch = 1024;
    if (config.patch_height > most_patch || config.patch_width > most_patch) {
        refuse(
            checkpoint, "patch_embed.proj.weight: expected patches of at most " +
                            std::to_string(most_patch) + " pixels, found " + shapeText(patch));
    }
    if (config.channels != 1 && config.channels != 3) {
        refuse(
            checkpoint, "patch_embed.proj.weight: expected 1 or 3 input channels, found " +
                            std::to_string(config.channels));
    }
}

void deriveFamilyName(ModelConfig& config) {
    if (config.points.present) {
        const bool is_mae = !config.points.reduce;
        config.family = std::string(is_mae ? "Point-MAE" : "Point-BERT") +
                        (config.llm.present ? "-LLaMA (LM4VisualEncoding)" : "");
    } else if (config.clip.present && config.llm.present) {
        config.family = "VideoMAE-LLaMA (LM4VisualEncoding)";
    }
}

} // namespace

ModelConfig
deriveConfig(const Checkpoint& checkpoint, const NameMapping& mapping, const ModelHints& hints) {
    ModelConfig config;
    config.family = mapping.family->label;
    const bool is_points = mapping.isOfPoints();
    const bool is_clip = mapping.isOfClips();
    if (is_points) {
        config.width = int(shapeOf(checkpoint.path, mapping, "cls_token", 3)[2]);
        config.points = derivePoints(checkpoint, mapping, hints, config.guessed);
    } else if (is_clip) {
        deriveClip(checkpoint, mapping, hints, config);
    } else {
        derivePatches(checkpoint, mapping, config);
    }
    config.depth = countLayers(checkpoint.path, mapping, "blocks.");
    config.inner = int(shapeOf(checkpoint.path, mapping, "blocks.0.attn.qkv.weight", 2)[0] / 3);
    config.hidden = int(shapeOf(checkpoint.path, mapping, "blocks.0.mlp.fc1.weight", 2)[0]);
    if (config.inner < 1) {
        refuse(
            checkpoint, "blocks.0.attn.qkv.weight: expected three parts, found " +
                            shapeText(mapping.shape("blocks.0.attn.qkv.weight")));
    }
    // What no point-cloud model and no video model has is unexpected there.
    const bool is_image = !is_points && !is_clip;
    config.cls = !is_clip && mapping.has("cls_token");
    config.distilled = is_image && mapping.has("dist_token");
    config.registers = is_image && mapping.has("reg_token")
                           ? int(shapeOf(checkpoint.path, mapping, "reg_token", 3)[1])
                           : 0;
    config.qkv_bias = mapping.has("blocks.0.attn.qkv.bias");
    config.layer_scale = mapping.has("blocks.0.ls1.gamma");
    config.patch_norm = mapping.has("patch_embed.norm_in.weight");
    config.final_norm = mapping.has("norm.weight");
    config.fc_norm = !is_points && mapping.has("fc_norm.weight");
    if (!is_points && mapping.has("head.weight")) {
        config.classes = int(shapeOf(checkpoint.path, mapping, "head.weight", 2)[0]);
        config.head_bias = mapping.has("head.bias");
    }
    if (is_points) {
        config.rows = 1;
        config.columns = config.points.grouping.groups;
        config.classes = config.points.head.empty() ? 0 : config.points.head.back().outputs;
    } else if (is_image) {
        deriveGrid(checkpoint, mapping, hints, config);
    }
    deriveHeads(checkpoint, hints, config);
    deriveLlm(checkpoint, mapping, hints, config);
    config.eps = hints.eps.value_or(statedEps(checkpoint).value_or(mapping.family->layer_norm_eps));
    // Hugging Face leaves VideoMAE's last norm at PyTorch's default epsilon.
    const bool has_own_eps = is_clip && mapping.family->rules == "hf-vit/video" && !hints.eps;
    config.fc_norm_eps = has_own_eps ? 1e-5 : config.eps;
    config.activation = statedActivation(checkpoint);
    config.class_names = statedClassNames(checkpoint, config.classes);
    if (is_clip) {
        config.clip.mean_pooling = !config.final_norm;
        config.preprocess = clipPreprocess(checkpoint, config);
    } else if (is_image) {
        config.preprocess = statedPreprocess(
            checkpoint, config.channels, config.rows * config.patch_height,
            config.columns * config.patch_width);
    }
    deriveFamilyName(config);
    return config;
}

std::vector<std::pair<std::string, std::vector<std::int64_t>>> expectedTensors(
    const ModelConfig& config) {
    const std::int64_t width = config.width;
    std::vector<std::pair<std::string, std::vector<std::int64_t>>> list;
    const auto add = [&list](const std::string& name, std::vector<std::int64_t> shape) {
        list.emplace_back(name, std::move(shape));
    };
    const auto addNorm = [&](const std::string& name, std::vector<std::int64_t> shape) {
        add(name + ".weight", shape);
        add(name + ".bias", std::move(shape));
    };
    const auto addLinear = [&](const std::string& name, std::int64_t out, std::int64_t in,
                               bool bias) {
        add(name + ".weight", {out, in});
        if (bias) {
            add(name + ".bias", {out});
        }
    };
    if (config.cls) {
        add("cls_token", {1, 1, width});
    }
    if (config.distilled) {
        add("dist_token", {1, 1, width});
    }
    if (config.registers > 0) {
        add("reg_token", {1, config.registers, width});
    }
    if (config.points.present) {
        const auto points = expectedPointTensors(config.points, config.width);
        list.insert(list.end(), points.begin(), points.end());
    } else if (config.clip.present) {
        add("patch_embed.proj.weight",
            {width, config.channels, config.clip.tubelet, config.patch_height, config.patch_width});
        add("patch_embed.proj.bias", {width});
    } else {
        add("pos_embed",
            {1, config.pos_prefix + std::int64_t{config.pos_rows} * config.pos_columns, width});
        add("patch_embed.proj.weight",
            {width, config.channels, config.patch_height, config.patch_width});
        add("patch_embed.proj.bias", {width});
    }
    if (config.patch_norm) {
        addNorm("patch_embed.norm_in", {config.channels, config.patch_height, config.patch_width});
        addNorm("patch_embed.norm_out", {width});
    }
    for (int i = 0; i < config.depth; ++i) {
        const std::string block = "blocks." + std::to_string(i);
        addNorm(block + ".norm1", {width});
        addLinear(block + ".attn.qkv", 3 * std::int64_t{config.inner}, width, config.qkv_bias);
        addLinear(block + ".attn.proj", width, config.inner, true);
        addNorm(block + ".norm2", {width});
        addLinear(block + ".mlp.fc1", config.hidden, width, true);
        addLinear(block + ".mlp.fc2", width, config.hidden, true);
        if (config.layer_scale) {
            add(block + ".ls1.gamma", {width});
            add(block + ".ls2.gamma", {width});
        }
    }
    const LlmConfig& llm = config.llm;
    if (llm.present) {
        addLinear("llama_dim_mapper1", llm.width, width, false);
        for (int i = 0; i < llm.layers; ++i) {
            const std::string layer = "llama.layers." + std::to_string(i);
            if (llm.block == LlmBlock::Mlp) {
                add(layer + ".ffn_norm.weight", {llm.width});
                addLinear(layer + ".mlp.fc1", llm.hidden, llm.width, true);
                addLinear(layer + ".mlp.fc2", llm.width, llm.hidden, true);
                continue;
            }
            const std::int64_t kv = std::int64_t{llm.kv_heads} * (llm.width / llm.heads);
            add(layer + ".attention_norm.weight", {llm.width});
            addLinear(layer + ".attention.wq", llm.width, llm.width, false);
            addLinear(layer + ".attention.wk", kv, llm.width, false);
            addLinear(layer + ".attention.wv", kv, llm.width, false);
            addLinear(layer + ".attention.wo", llm.width, llm.width, false);
            add(layer + ".ffn_norm.weight", {llm.width});
            addLinear(layer + ".feed_forward.w1", llm.hidden, llm.width, false);
            addLinear(layer + ".feed_forward.w2", llm.width, llm.hidden, false);
            addLinear(layer + ".feed_forward.w3", llm.hidden, llm.width, false);
        }
        if (llm.norm) {
            add("llama.norm.weight", {llm.width});
        }
        addLinear("llama_dim_mapper2", width, llm.width, false);
    }
    // A video model without a head may end in its last block.
    const bool needs_norm = config.clip.present ? config.classes > 0 : true;
    if (config.final_norm || (!config.fc_norm && needs_norm)) {
        addNorm("norm", {width});
    }
    if (config.fc_norm) {
        addNorm("fc_norm", {width});
    }
    if (config.classes > 0 && !config.points.present) {
        addLinear("head", config.classes, width, config.head_bias);
        if (config.distilled) {
            addLinear("head_dist", config.classes, width, config.head_bias);
        }
    }
    return list;
}

void requireExactTensors(
    const Checkpoint& checkpoint,
    const NameMapping& mapping,
    const ModelConfig& config) {
    std::vector<std::string> missing = mapping.incomplete;
    std::vector<std::string> unexpected = mapping.unexpected;
    std::vector<std::string> misshapen;
    std::vector<std::string> known;
    for (const auto& [name, shape] : expectedTensors(config)) {
        known.push_back(name);
        if (!mapping.has(name)) {
            if (std::find(missing.begin(), missing.end(), name) == missing.end()) {
                missing.push_back(name);
            }
        } else if (mapping.shape(name) != shape) {
            const MappedTensor& tensor = mapping.tensors.at(name);
            misshapen.push_back(
                printable(tensor.parts.front().name) + ": expected " + shapeText(shape) +
                ", found " + shapeText(tensor.shape));
        }
    }
    std::sort(known.begin(), known.end());
    for (const auto& [name, tensor] : mapping.tensors) {
        if (!std::binary_search(known.begin(), known.end(), name)) {
            unexpected.push_back(tensor.parts.front().name);
        }
    }
    const auto listed = [](const std::string& title, const std::vector<std::string>& names) {
        std::string text;
        for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 8); ++i) {
            text += (i > 0 ? ", " : title) + printable(names[i]);
        }
        return names.size() > 8 ? text + " and " + std::to_string(names.size() - 8) + " more"
                                : text;
    };
    std::string problem;
    for (const std::string& part :
         {listed("missing ", missing), listed("unexpected ", unexpected), listed("", misshapen)}) {
        problem += (problem.empty() || part.empty() ? "" : "; ") + part;
    }
    if (!problem.empty()) {
        refuse(checkpoint, problem);
    }
}

} // namespace vitreous
