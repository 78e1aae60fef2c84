#pragma once

#include <string>
#include <vector>

#include "core/analysis/model.h"

namespace CLI {
class App;
}

namespace vitreous::cli {

/// What a model argument is, for --help.
inline constexpr const char* modelHelp =
    "PATH[,key=value]...: a checkpoint file or a Hugging Face directory; keys: heads, llm_heads, "
    "llm, llm_layer, label, family, size, eps, state";

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

/// Throws Error{Usage} as parseModelSpec.
std::vector<ModelSpec> modelsFrom(const std::vector<std::string>& arguments);

} // namespace vitreous::cli
