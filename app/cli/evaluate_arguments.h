#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/analysis/model.h"

namespace CLI {
class App;
}

namespace vitreous::cli {

/// `evaluate`: models against object masks and class labels.
struct EvaluateArguments {
    std::vector<ModelSpec> models;
    std::filesystem::path images; ///< directory
    std::filesystem::path masks;  ///< directory; empty: none
    std::filesystem::path labels; ///< CSV file; empty: none
    std::filesystem::path output; ///< directory
    DeviceSpec device;
    std::vector<std::string> taps = {"*"}; ///< globs
    int threads = 0;                       ///< 0: one a physical core
    int batch = 1;                         ///< inputs to one forward pass
    bool progress = false;                 ///< also where stderr is no terminal
};

/// The options of `evaluate` as they are typed.
class EvaluateOptions {
public:
    /// Adds the command to the program.
    explicit EvaluateOptions(CLI::App& app);
    EvaluateOptions(const EvaluateOptions&) = delete;
    EvaluateOptions& operator=(const EvaluateOptions&) = delete;
    ~EvaluateOptions();

    /// True once the command line that was parsed has this command.
    [[nodiscard]] bool parsed() const;
    /// What was asked for. Throws Error{Usage}.
    [[nodiscard]] EvaluateArguments arguments() const;

private:
    struct Typed;
    std::unique_ptr<Typed> typed_;
    CLI::App* command_;
};

} // namespace vitreous::cli
