#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

namespace CLI {
class App;
}

namespace vitreous::cli {

/// `shapes`: labelled point clouds that the program makes, to files.
struct ShapesArguments {
    std::filesystem::path output;
    int count = 10;
    int points = 1024; ///< each shape has as many to twice as many
    std::uint64_t seed = 0;
    bool progress = false; ///< also where stderr is no terminal
};

/// The options of `shapes` as they are typed.
class ShapesOptions {
public:
    /// Adds the command to the program.
    explicit ShapesOptions(CLI::App& app);
    ShapesOptions(const ShapesOptions&) = delete;
    ShapesOptions& operator=(const ShapesOptions&) = delete;
    ~ShapesOptions();

    /// True once the command line that was parsed has this command.
    [[nodiscard]] bool parsed() const;
    /// What was asked for. Throws Error{Usage}.
    [[nodiscard]] ShapesArguments arguments() const;

private:
    struct Typed;
    std::unique_ptr<Typed> typed_;
    CLI::App* command_;
};

} // namespace vitreous::cli
