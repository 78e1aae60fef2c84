#include "core/nn/llm_source.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/io/printable.h"
#include "core/nn/config_facts.h"

namespace vitreous {
namespace {

constexpr std::string_view kLayers = "llama.layers.";

/// Refuses a layer with tensors that the block would leave out: it would compute something else.
void requireNothingElse(const NameMapping& source, int layer, const std::string& path) {
    const std::string mark = "layers." + std::to_string(layer) + ".";
    for (const std::string& name : source.unexpected) {
        const std::size_t at = name.find(mark);
        if (at != std::string::npos && (at == 0 || name[at - 1] == '.')) {
            throw Error(
                ErrorCode::Model, "unexpected " + printable(name) +
                                      ", expected a LLaMA block: RMSNorm, attention and SwiGLU "
                                      "without biases: " +
                                      path);
        }
    }
}

} // namespace

LlmSource takeLayers(
    const Checkpoint& checkpoint,
    std::optional<int> first,
    int count,
    std::optional<int> heads) {
    const std::string path = checkpoint.path.string();
    const NameMapping source = mapLanguageModel(checkpoint);
    int last = -1;
    for (const auto& [name, tensor] : source.tensors) {
        last = std::max(last, std::atoi(name.c_str() + kLayers.size()));
    }
    LlmSource taken;
    taken.first = first.value_or(std::max(0, last - count + 1));
    taken.layers.family = source.family;
    for (int i = 0; i < count; ++i) {
        const int layer = taken.first + i;
        requireNothingElse(source, layer, path);
        const std::string from = std::string(kLayers) + std::to_string(layer) + ".";
        const std::string to = std::string(kLayers) + std::to_string(i) + ".";
        for (const auto& [name, tensor] : source.tensors) {
            if (name.starts_with(from)) {
                MappedTensor moved = tensor;
                moved.name = to + name.substr(from.size());
                taken.layers.tensors[moved.name] = moved;
            }
        }
        if (!taken.layers.has(to + "attention.wq.weight")) {
            throw Error(
                ErrorCode::Model, "no layer " + std::to_string(layer) + ", the last is " +
                                      std::to_string(last) + ": " + path);
        }
    }
    taken.config = llamaConfig(
        checkpoint.path, taken.layers, heads ? heads : statedHeads(checkpoint), taken.guessed);
    if (!first) {
        taken.guessed.push_back(
            "llm_layer = " + std::to_string(taken.first) +
            (count == 1 ? " (the last)" : " (the last " + std::to_string(count) + ")"));
    }
    return taken;
}

} // namespace vitreous
