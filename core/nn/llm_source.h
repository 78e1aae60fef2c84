#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/nn/model_config.h"
#include "core/nn/name_map.h"

namespace vitreous {

/// Layers of a language model, as the LLM blocks of a ViT.
struct LlmSource {
    int first = 0;      ///< the first one's number in the file
    NameMapping layers; ///< "llama.layers.0...", counted from 0
    LlmConfig config;   ///< their shape
    std::vector<std::string> guessed;
};

/// Takes `count` consecutive layers of a language model, from `first` on; without it, the last
/// ones. heads: overrides what the checkpoint says. Throws Error{Model}, path last: no such layer,
/// or one that is no plain LLaMA block (biases, norms of its own).
LlmSource takeLayers(
    const Checkpoint& checkpoint,
    std::optional<int> first,
    int count,
    std::optional<int> heads);

} // namespace vitreous
