#pragma once

#include <cstdint>
#include <string>

#include <ATen/core/Tensor.h>

#include "core/nn/model_config.h"
#include "core/train/recipe.h"

namespace vitreous {

/// Inputs that a core works on at once, at least one. Of images what they lead to stays in its
/// cache; of point clouds as many as BatchNorm needs for its mean and variance.
std::int64_t shardInputs(const ModelConfig& config);

/// True where a tensor of that canonical name is trained.
bool isTrained(const std::string& name, BlockKind block);

/// Bytes that training the model needs about: weights, gradients and moments in fp32, and what a
/// step keeps for the way back.
std::uint64_t
trainingBytes(const ModelConfig& config, const Recipe& recipe, const at::Device& device);

/// Throws Error{Resource} where the device has not as much free.
void requireTrainingMemory(
    const ModelConfig& config,
    const Recipe& recipe,
    const at::Device& device);

} // namespace vitreous
