#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/io/checkpoint.h"
#include "core/nn/name_map.h"
#include "core/nn/preprocess_spec.h"

namespace vitreous {

/// What the user says of a model where its file cannot.
struct ModelHints {
    std::optional<int> heads;
    std::optional<int> llm_heads;
    std::optional<int> size; ///< input side in pixels
    std::optional<double> eps;
};

/// The activation between the two linear layers of a block.
enum class Activation { Gelu, GeluTanh, QuickGelu, Relu };

/// The LLM blocks behind a ViT. layers == 0: none.
struct LlmConfig {
    int layers = 0;
    int width = 0;
    int heads = 0;
    int kv_heads = 0;
    int hidden = 0;
    double eps = 1e-6;
    bool norm = false; ///< llama.norm is in the checkpoint; else all ones
};

/// Everything that a forward pass needs to know besides the weights.
struct ModelConfig {
    std::string family;
    int depth = 0;
    int width = 0;
    int heads = 0;
    int inner = 0;  ///< heads * head size
    int hidden = 0; ///< MLP
    int patch_width = 0;
    int patch_height = 0;
    int channels = 3;
    int rows = 0; ///< token grid of the input
    int columns = 0;
    int pos_rows = 0; ///< grid of the stored positions
    int pos_columns = 0;
    int pos_prefix = 0; ///< prefix tokens that have a position
    bool cls = false;
    bool distilled = false;
    int registers = 0;
    bool qkv_bias = false;
    bool layer_scale = false;
    bool patch_norm = false;
    bool final_norm = false; ///< `norm`; else `fc_norm` after mean pooling
    bool fc_norm = false;
    bool head_bias = false;
    int classes = 0;
    double eps = 1e-6;
    Activation activation = Activation::Gelu;
    LlmConfig llm;
    std::vector<std::string> guessed;
    std::vector<std::string> class_names;
    PreprocessSpec preprocess;

    [[nodiscard]] int prefixTokens() const { return int(cls) + int(distilled) + registers; }
    [[nodiscard]] int tokens() const { return prefixTokens() + rows * columns; }
};

/// Derives the configuration from tensor shapes, the file's config and arguments, the hints, and
/// (said in `guessed`) habit. Throws Error{Model}, path last. Source: checkpoints.md.
ModelConfig
deriveConfig(const Checkpoint& checkpoint, const NameMapping& mapping, const ModelHints& hints);

/// The tensors that a model of this configuration has, with their shapes.
std::vector<std::pair<std::string, std::vector<std::int64_t>>> expectedTensors(
    const ModelConfig& config);

/// Throws Error{Model} that names missing, unexpected and misshapen tensors; path last.
void requireExactTensors(
    const Checkpoint& checkpoint,
    const NameMapping& mapping,
    const ModelConfig& config);

} // namespace vitreous
