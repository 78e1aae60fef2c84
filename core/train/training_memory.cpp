#include "core/train/training_memory.h"

#include <algorithm>

#include <ATen/Parallel.h>

#include "core/base/array.h"
#include "core/nn/device.h"

namespace vitreous {

bool isTrained(const std::string& name, BlockKind block) {
    return !name.starts_with("llama.layers.") || block == BlockKind::Unfrozen ||
           block == BlockKind::Mlp;
}

std::uint64_t
trainingBytes(const ModelConfig& config, const Recipe& recipe, const at::Device& device) {
    const auto threads = std::uint64_t(device.is_cpu() ? std::max(1, at::get_num_threads()) : 1);
    std::uint64_t values = 0;
    std::uint64_t trained = 0;
    for (const auto& [name, shape] : expectedTensors(config)) {
        const auto count = std::uint64_t(elementCount(shape));
        values += count;
        trained += isTrained(name, recipe.block) ? count : 0;
    }
    // Two moments, the gradient and its sum, and a gradient a thread.
    values += trained * (4 + threads);
    const auto tokens = std::uint64_t(config.tokens());
    const std::uint64_t at_once = device.is_cpu()
                                      ? threads * std::max(tokens, std::uint64_t(shardTokens))
                                      : std::uint64_t(recipe.batch) * tokens;
    // A block keeps about nine activations of its width, two of the MLP's, and the attention twice.
    const auto kept = [tokens](int width, int hidden, int heads) {
        return 9 * std::uint64_t(width) + 2 * std::uint64_t(hidden) +
               2 * std::uint64_t(heads) * tokens;
    };
    const std::uint64_t pass =
        std::uint64_t(config.depth) * kept(config.width, config.hidden, config.heads) +
        std::uint64_t(config.llm.layers) *
            kept(config.llm.width, config.llm.hidden, config.llm.heads);
    return sizeof(float) * (values + at_once * pass);
}

void requireTrainingMemory(
    const ModelConfig& config,
    const Recipe& recipe,
    const at::Device& device) {
    requireFree(
        trainingBytes(config, recipe, device), device, "training this model needs",
        "width " + std::to_string(config.width) + ", depth " + std::to_string(config.depth));
}

} // namespace vitreous
