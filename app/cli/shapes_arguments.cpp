#include "app/cli/shapes_arguments.h"

#include <string>

#include <CLI/CLI.hpp>

#include "core/base/error.h"

namespace vitreous::cli {
namespace {

constexpr int mostShapes = 100000; // their names have five digits
constexpr int mostPoints = 1 << 20;

} // namespace

struct ShapesOptions::Typed {
    std::string output;
    int count = ShapesArguments{}.count;
    int points = ShapesArguments{}.points;
    std::uint64_t seed = ShapesArguments{}.seed;
    bool progress = false;
};

ShapesOptions::ShapesOptions(CLI::App& app)
    : typed_(std::make_unique<Typed>()),
      command_(app.add_subcommand(
          "shapes",
          "Write point clouds that the program makes, of ten classes in turn")) {
    Typed& typed = *typed_;
    command_
        ->add_option(
            "--output", typed.output,
            "directory for NNNNN.ply, where each point knows its part, and labels.csv")
        ->required()
        ->type_name("DIR");
    command_->add_option("--count", typed.count, "how many (default: 10)")
        ->check(CLI::Range(1, mostShapes));
    command_
        ->add_option(
            "--points", typed.points,
            "each has as many to twice as many, as train --shapes --points has it (default: 1024)")
        ->check(CLI::Range(1, mostPoints));
    command_
        ->add_option("--seed", typed.seed, "of the shapes; train tests on those of 0 (default: 0)")
        ->check(CLI::NonNegativeNumber);
    command_->add_flag("--progress", typed.progress, "show progress, also without a terminal");
}

ShapesOptions::~ShapesOptions() = default;

bool ShapesOptions::parsed() const {
    return command_->parsed();
}

ShapesArguments ShapesOptions::arguments() const {
    const Typed& typed = *typed_;
    if (typed.output.empty()) {
        throw Error(ErrorCode::Usage, "--output: expected a directory, found nothing");
    }
    return {
        .output = typed.output,
        .count = typed.count,
        .points = typed.points,
        .seed = typed.seed,
        .progress = typed.progress};
}

} // namespace vitreous::cli
