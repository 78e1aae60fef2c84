#include "core/train/training_memory.h"

#include <algorithm>

#include <ATen/Parallel.h>

#include "core/base/array.h"
#include "core/nn/device.h"
#include "core/train/parameters.h"

namespace vitreous {
namespace {

constexpr std::int64_t kShardTokens = 2080;
constexpr std::int64_t kShardPoints = 16384; // in all groups of a shard

/// What the mini-PointNet keeps of a cloud: two linear layers, each normalised, clipped and led
/// on, and what is joined between them.
std::uint64_t keptPoints(const PointConfig& points) {
    const auto members =
        std::uint64_t(points.grouping.groups) * std::uint64_t(points.grouping.group_size);
    return points.present ? members * (3 * std::uint64_t(points.first_hidden) +
                                       4 * std::uint64_t(points.first_out) +
                                       3 * std::uint64_t(points.second_hidden) +
                                       2 * std::uint64_t(points.encoder_width))
                          : 0;
}

} // namespace

std::int64_t shardInputs(const ModelConfig& config) {
    const PointGrouping& grouping = config.points.grouping;
    const std::int64_t most =
        config.points.present ? kShardPoints / (std::int64_t{grouping.groups} * grouping.group_size)
                              : kShardTokens / config.tokens();
    return std::max<std::int64_t>(1, most);
}

bool isTrained(const std::string& name, BlockKind block) {
    const bool is_block = name.starts_with("llama.layers.");
    return is_block ? block == BlockKind::Unfrozen || block == BlockKind::Mlp : !isRunning(name);
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
    const std::uint64_t at_once = device.is_cpu() ? threads * std::uint64_t(shardInputs(config))
                                                  : std::uint64_t(recipe.batch);
    // A block keeps about nine activations of its width, two of the MLP's, and the attention twice.
    const auto kept = [tokens](int width, int hidden, int heads) {
        return 9 * std::uint64_t(width) + 2 * std::uint64_t(hidden) +
               2 * std::uint64_t(heads) * tokens;
    };
    const std::uint64_t pass =
        std::uint64_t(config.depth) * kept(config.width, config.hidden, config.heads) +
        std::uint64_t(config.llm.layers) *
            kept(config.llm.width, config.llm.hidden, config.llm.heads);
    return sizeof(float) * (values + at_once * (tokens * pass + keptPoints(config.points)));
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
