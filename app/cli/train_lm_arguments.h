#pragma once

#include <memory>

#include "core/train/lm_trainer.h"

namespace CLI {
class App;
}

namespace vitreous::cli {

/// `train-lm`: a small language model from plain text.
struct TrainLmArguments {
    LanguageModelRequest request;
    int threads = 0;       ///< 0: one a physical core
    bool progress = false; ///< also where stderr is no terminal
};

/// The options of `train-lm` as they are typed.
class TrainLmOptions {
public:
    /// Adds the command to the program.
    explicit TrainLmOptions(CLI::App& app);
    TrainLmOptions(const TrainLmOptions&) = delete;
    TrainLmOptions& operator=(const TrainLmOptions&) = delete;
    ~TrainLmOptions();

    /// True once the command line that was parsed has this command.
    [[nodiscard]] bool parsed() const;
    /// What was asked for. Throws Error{Usage}.
    [[nodiscard]] TrainLmArguments arguments() const;

private:
    struct Typed;
    std::unique_ptr<Typed> typed_;
    CLI::App* command_;
};

} // namespace vitreous::cli
