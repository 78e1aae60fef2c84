#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/io/tensor_entry.h"

namespace vitreous {

/// What is written of a model beside its tensors.
struct CheckpointText {
    nlohmann::json config = nullptr; ///< an object that the readers take for config.json, or null
    nlohmann::json arguments = nullptr; ///< an object: what the model was trained with, or null
    int epoch = 0;
};

/// Writes tensors as .safetensors, whole or not at all: from an offset that is a multiple of 8, in
/// the order given, without gaps (the format allows none). The config is the string "config" of
/// `__metadata__`, the arguments "args", the epoch "epoch", beside "format": "pt". Entries are
/// row-major, their names differ.
/// Throws Error{Resource}, path last, where it cannot be written (a full disk): what was there
/// before stays.
void writeSafetensors(
    const std::filesystem::path& path,
    const std::vector<TensorEntry>& tensors,
    const CheckpointText& text);

/// Writes {"model": tensors, "config": ..., "args": ..., "epoch": ...} as a file of torch.save
/// (torch >= 1.6), whole or not at all, that Python's `torch.load(weights_only=True)` reads: plain
/// dictionaries of tensors, the epoch as int, config and arguments as JSON text or None (torch 1.13
/// refuses floats outside tensors). Entries are row-major, their names differ.
/// Throws Error{Resource} as writeSafetensors does.
void writeTorchZip(
    const std::filesystem::path& path,
    const std::vector<TensorEntry>& tensors,
    const CheckpointText& text);

} // namespace vitreous
