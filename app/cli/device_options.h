#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/analysis/model.h"
#include "core/io/tensor_entry.h"

namespace CLI {
class App;
}

namespace vitreous::cli {

/// What a model argument is, for --help.
inline constexpr const char* modelHelp =
    "PATH[,key=value]...: a checkpoint file or a Hugging Face directory; keys: heads, llm_heads, "
    "llm, llm_layer, label, family, size, frames, groups, group_size, eps, state";

/// The options of every command that runs models, as they are typed.
struct DeviceOptions {
    std::string device = "auto";
    std::string precision = "fp32";
    int threads = 0; ///< 0: one a physical core
    int batch = 1;   ///< inputs to one forward pass

    /// Adds --device, --precision, --threads and --batch to the command.
    void addTo(CLI::App& command);
    [[nodiscard]] DeviceSpec spec() const;
};

/// The options of the commands that train, as they are typed.
struct TrainingOptions {
    std::string output;
    std::string device = "auto";
    std::string precision = "fp32";
    std::string save_precision = "fp32";
    int threads = 0; ///< 0: one a physical core
    bool progress = false;

    /// Adds --output, which files are described by `files`.
    void addOutputTo(CLI::App& command, const std::string& files);
    /// Adds --device, --precision, --save-precision, --threads and --progress as a group.
    void addMachineTo(CLI::App& command);
    /// The directory. Throws Error{Usage} where it is empty.
    [[nodiscard]] std::filesystem::path directory() const;
    [[nodiscard]] bool isMixed() const { return precision == "bf16"; }
    [[nodiscard]] DType saveType() const;
};

/// Adds --seed: a whole number of 0 or more.
void addSeed(CLI::App& command, std::uint64_t& seed);

/// Throws Error{Usage} as parseModelSpec.
std::vector<ModelSpec> modelsFrom(const std::vector<std::string>& arguments);

} // namespace vitreous::cli
