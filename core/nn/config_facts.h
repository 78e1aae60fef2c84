#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/io/checkpoint.h"
#include "core/nn/model_config.h"

namespace vitreous {

// What a checkpoint says of itself beside its tensors: Hugging Face config.json and
// preprocessor_config.json, timm's pretrained_cfg, training arguments. Each answer is empty, or a
// default, where nothing is said. Errors: Error{Model}, path last, where a stated value makes no
// sense.

/// Input (height, width) in pixels.
std::optional<std::pair<int, int>> statedInputSize(const Checkpoint& checkpoint);
/// Frames of a clip: `num_frames`, of training arguments times their `num_segments`.
std::optional<int> statedFrames(const Checkpoint& checkpoint);
std::optional<int> statedHeads(const Checkpoint& checkpoint);
/// Heads that the model's name implies ("vit_small_patch16_224": 6), and the name.
std::optional<std::pair<int, std::string>> headsOfModelName(const Checkpoint& checkpoint);

/// What a config says of the LLM blocks where tensors cannot: `llm_block`, `llm_position` (ViT
/// blocks before them) and `llm_num_attention_heads`.
struct StatedLlm {
    LlmBlock block = LlmBlock::Llama;
    std::optional<int> after;
    std::optional<int> heads;
};
StatedLlm statedLlm(const Checkpoint& checkpoint);

/// How a config says that a point cloud is grouped: `num_group`, `group_size`, `npoints`, on their
/// own or under `model`, as Point-BERT's have them.
struct StatedGrouping {
    std::optional<int> groups;
    std::optional<int> group_size;
    std::optional<int> points;
};
StatedGrouping statedGrouping(const Checkpoint& checkpoint);

std::optional<double> statedEps(const Checkpoint& checkpoint);
Activation statedActivation(const Checkpoint& checkpoint);
/// id2label, where it has exactly `classes` names; else empty.
std::vector<std::string> statedClassNames(const Checkpoint& checkpoint, int classes);
/// The preprocessing stated, else the default of analysis.md for that input size.
PreprocessSpec statedPreprocess(const Checkpoint& checkpoint, int channels, int height, int width);
/// The same where another default is usual, for the input of its crop.
PreprocessSpec statedPreprocess(const Checkpoint& checkpoint, PreprocessSpec usual);

} // namespace vitreous
