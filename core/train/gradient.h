#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <ATen/core/Tensor.h>

namespace vitreous {

/// How a batch is worked on.
struct ShardPlan {
    std::int64_t shards = 1; ///< parts of a batch, each small enough for a core's cache
    bool mixed = false;      ///< matrix products in bf16, the rest in fp32 (autocast)
    at::Device device = at::kCPU;
};

/// Runs work(0), ..., work(shards - 1), each in one thread, several at once on a CPU, under the
/// plan's precision. Throws what the work throws.
void forEachShard(const ShardPlan& plan, const std::function<void(std::int64_t)>& work);

/// The gradients of the sum of the shards' losses with respect to the leaves, in their order. loss:
/// builds the graph of one shard and returns its scalar, already divided by the whole batch's size.
/// Shards are added up in order, so that the numbers are the same every time.
std::vector<at::Tensor> shardedGradients(
    const std::vector<at::Tensor>& leaves,
    const ShardPlan& plan,
    const std::function<at::Tensor(std::int64_t)>& loss);

} // namespace vitreous
