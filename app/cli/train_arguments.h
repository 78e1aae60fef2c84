#pragma once

#include <memory>
#include <string>

#include "core/train/trainer.h"

namespace CLI {
class App;
}

namespace vitreous::cli {

/// `train`: a classifier of pictures or of shapes.
struct TrainArguments {
    TrainingRequest request;
    int threads = 0;       ///< 0: one a physical core
    bool progress = false; ///< also where stderr is no terminal
};

/// The options of `train` as they are typed.
class TrainOptions {
public:
    /// Adds the command to the program.
    explicit TrainOptions(CLI::App& app);
    TrainOptions(const TrainOptions&) = delete;
    TrainOptions& operator=(const TrainOptions&) = delete;
    ~TrainOptions();

    /// True once the command line that was parsed has this command.
    [[nodiscard]] bool parsed() const;
    /// What was asked for. Throws Error{Usage}; Error{Model} where --init cannot be read.
    [[nodiscard]] TrainArguments arguments() const;

private:
    struct Typed;
    std::unique_ptr<Typed> typed_;
    CLI::App* command_;
};

} // namespace vitreous::cli
