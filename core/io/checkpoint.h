#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/io/tensor_entry.h"

namespace vitreous {

/// What a checkpoint file or directory holds: its index, not its values.
struct Checkpoint {
    std::filesystem::path path;
    std::string container; ///< "PyTorch zip", "PyTorch legacy", "safetensors", ...
    std::vector<std::filesystem::path> files; ///< the files that tensors come from (shards)
    std::uint64_t file_bytes = 0;             ///< their size together

    std::vector<std::string> state_keys; ///< where state dictionaries were found ("model", ...);
                                         ///< "" is the top level
    std::string state_key;               ///< the one that `tensors` was taken from

    std::vector<TensorEntry> tensors; ///< in file order; names as in the state dictionary

    nlohmann::json arguments;    ///< the training `args` (an object) or null; of .safetensors
                                 ///< the `__metadata__` where that has no "args"
    nlohmann::json config;       ///< Hugging Face config.json, or a config inside the file, or null
    nlohmann::json preprocessor; ///< preprocessor_config.json, or null

    /// The entry of that name, or nullptr.
    [[nodiscard]] const TensorEntry* find(std::string_view name) const;
};

struct CheckpointOptions {
    std::string
        state_key; ///< which state dictionary to take; empty: "model" first, then the others
};

/// Opens a `.pth/.pt/.bin/.ckpt` file (zip or legacy pickle stream), a `.safetensors` file or a
/// Hugging Face directory; the content decides, not the name. Executes nothing that the file says.
/// Costs the index; tensor bytes are read when they are used. A `config.json` or
/// `preprocessor_config.json` beside a `model.safetensors` file is read too.
/// Throws Error{Model}, path last: unreadable, truncated (at which byte), malformed, no tensors.
Checkpoint openCheckpoint(const std::filesystem::path& path, const CheckpointOptions& options = {});

} // namespace vitreous
