#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/io/checkpoint.h"
#include "core/nn/name_map.h"
#include "core/nn/point_groups.h"
#include "core/nn/preprocess_spec.h"

namespace vitreous {

/// What the user says of a model where its file cannot.
struct ModelHints {
    std::optional<int> heads;
    std::optional<int> llm_heads;
    std::optional<int> size; ///< input side in pixels
    std::optional<double> eps;
    std::optional<int> frames;     ///< of a clip
    std::optional<int> groups;     ///< of a point cloud
    std::optional<int> group_size; ///< points
};

/// The activation between the two linear layers of a block.
enum class Activation { Gelu, GeluTanh, QuickGelu, Relu };

/// What stands between the two mappers: blocks of a language model, or what the paper's ablations
/// put in their place. Source: arXiv 2310.12973, section 5.
enum class LlmBlock {
    Llama,
    Mlp,     ///< x + fc2(gelu(fc1(RMSNorm(x))))
    Identity ///< nothing
};

/// "llama", "mlp", "identity": as a config says it.
std::string_view name(LlmBlock block);

/// The LLM blocks of a ViT, with the mappers to and from them.
struct LlmConfig {
    bool present = false; ///< false: a plain ViT
    LlmBlock block = LlmBlock::Llama;
    int after = 0; ///< ViT blocks before them; the paper's place is behind the last
    int layers = 0;
    int width = 0;
    int heads = 0;
    int kv_heads = 0;
    int hidden = 0;
    double eps = 1e-6;
    bool norm = false; ///< llama.norm is in the checkpoint; else all ones
};

/// One linear layer of a point-cloud model's head, `cls_head_finetune.N`; a ReLU follows all but
/// the last.
struct PointHeadLayer {
    int index = 0;
    int outputs = 0;
    bool norm = false; ///< BatchNorm behind it, at the next index
};

/// "cls_head_finetune.N".
std::string pointHeadName(int index);

/// What a point-cloud transformer has in place of patches and a linear head.
struct PointConfig {
    bool present = false; ///< false: an image model
    PointGrouping grouping{};
    // The mini-PointNet; the reference's inner widths never change.
    int first_hidden = 128;
    int first_out = 256;
    int second_hidden = 512;
    int encoder_width = 0; ///< channels out of it
    bool reduce = false;   ///< `reduce_dim` leads from there to the blocks' width
    int position_hidden = 0;
    std::vector<PointHeadLayer> head; ///< empty: no head
};

/// What a video transformer has: tokens that are pieces of a few frames, positions that are
/// computed, and a head on the mean of all tokens. Source: LM4VisualEncoding's VideoMAE.
struct ClipConfig {
    bool present = false; ///< false: an image model
    int frames = 0;       ///< of a clip
    int tubelet = 0;      ///< frames a token
    /// The head takes the mean of all tokens, through `fc_norm`; else the first token.
    bool mean_pooling = true;
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
    double fc_norm_eps = 1e-6;
    Activation activation = Activation::Gelu;
    LlmConfig llm;
    PointConfig points; ///< with it: rows is 1, columns the number of groups
    ClipConfig clip;    ///< with it: rows and columns are the grid of each time step
    std::vector<std::string> guessed;
    std::vector<std::string> class_names;
    PreprocessSpec preprocess;

    [[nodiscard]] int prefixTokens() const { return int(cls) + int(distilled) + registers; }
    /// Steps of time in the grid of a clip's tokens; 1 for all else.
    [[nodiscard]] int times() const { return clip.present ? clip.frames / clip.tubelet : 1; }
    [[nodiscard]] int tokens() const { return prefixTokens() + times() * rows * columns; }
};

/// Derives the configuration from tensor shapes, the file's config and arguments, the hints, and
/// (said in `guessed`) habit. Throws Error{Model}, path last. Source: checkpoints.md.
ModelConfig
deriveConfig(const Checkpoint& checkpoint, const NameMapping& mapping, const ModelHints& hints);

/// The shape of LLaMA blocks from the tensors `llama.layers.N...`; what is guessed is added to the
/// list. path: for messages. Throws Error{Model}.
LlmConfig llamaConfig(
    const std::filesystem::path& path,
    const NameMapping& mapping,
    std::optional<int> heads,
    std::vector<std::string>& guessed);

/// The tensors that a model of this configuration has, with their shapes.
std::vector<std::pair<std::string, std::vector<std::int64_t>>> expectedTensors(
    const ModelConfig& config);

/// Throws Error{Model} that names missing, unexpected and misshapen tensors; path last.
void requireExactTensors(
    const Checkpoint& checkpoint,
    const NameMapping& mapping,
    const ModelConfig& config);

} // namespace vitreous
