#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/io/tensor_entry.h"

namespace vitreous {

/// What is written of a model beside its tensors.
struct CheckpointText {
    nlohmann::json config;    ///< an object that the readers take for config.json, or null
    nlohmann::json arguments; ///< an object: what the model was trained with, or null
    int epoch = 0;
};

/// Writes tensors as .safetensors, whole or not at all: 8-byte aligned, in the order given. The
/// config is the string "config" of `__metadata__`, the arguments "args", the epoch "epoch",
/// beside "format": "pt". Entries are row-major.
/// Throws Error{Resource}, path last, where it cannot be written (a full disk): what was there
/// before stays.
void writeSafetensors(
    const std::filesystem::path& path,
    const std::vector<TensorEntry>& tensors,
    const CheckpointText& text);

/// Writes {"model": tensors, "config": ..., "args": ..., "epoch": ...} as a file of torch.save
/// (torch >= 1.6), whole or not at all, that Python's `torch.load(weights_only=True)` reads: plain
/// dictionaries, lists, numbers, strings and tensors. Entries are row-major.
/// Throws Error{Resource} as writeSafetensors does.
void writeTorchZip(
    const std::filesystem::path& path,
    const std::vector<TensorEntry>& tensors,
    const CheckpointText& text);

} // namespace vitreous
