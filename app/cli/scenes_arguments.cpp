#include "app/cli/scenes_arguments.h"

#include <string>

#include <CLI/CLI.hpp>

#include "core/base/error.h"
#include "core/train/samples.h"

namespace vitreous::cli {
namespace {

constexpr int mostScenes = 100000; // their names have five digits
constexpr int mostSide = 4096;
constexpr int mostFrames = 10000;

} // namespace

struct ScenesOptions::Typed {
    std::string data;
    std::string output;
    std::string split = "test";
    int count = ScenesArguments{}.count;
    int clutter = ScenesArguments{}.clutter;
    int frames = ScenesArguments{}.frames;
    std::uint64_t seed = testSeed;
    bool progress = false;
};

ScenesOptions::ScenesOptions(CLI::App& app)
    : typed_(std::make_unique<Typed>()),
      command_(app.add_subcommand(
          "scenes",
          "Write scenes of one item over a busy background, and their object masks")) {
    Typed& typed = *typed_;
    command_->add_option("--data", typed.data, "directory of pictures, as train takes it")
        ->required()
        ->type_name("DIR");
    command_
        ->add_option(
            "--output", typed.output,
            "directory for images/NNNNN.png, masks/NNNNN.png and labels.csv")
        ->required()
        ->type_name("DIR");
    command_->add_option("--count", typed.count, "how many (default: 12)")
        ->check(CLI::Range(1, mostScenes));
    command_->add_option("--clutter", typed.clutter, "side of a scene in pixels (default: 64)")
        ->check(CLI::Range(1, mostSide));
    command_
        ->add_option(
            "--frames", typed.frames,
            "clips/NNNNN.mp4 of so many frames, in which the item moves once around, instead of "
            "pictures and masks")
        ->check(CLI::Range(1, mostFrames));
    command_->add_option(
        "--seed", typed.seed, "of the scenes; train tests on those of 0 (default: 0)");
    command_->add_option("--split", typed.split, "test or train (default: test)")
        ->check(CLI::IsMember({"test", "train"}));
    command_->add_flag("--progress", typed.progress, "show progress, also without a terminal");
}

ScenesOptions::~ScenesOptions() = default;

bool ScenesOptions::parsed() const {
    return command_->parsed();
}

ScenesArguments ScenesOptions::arguments() const {
    const Typed& typed = *typed_;
    if (typed.output.empty()) {
        throw Error(ErrorCode::Usage, "--output: expected a directory, found nothing");
    }
    return {
        .data = typed.data,
        .output = typed.output,
        .count = typed.count,
        .clutter = typed.clutter,
        .frames = typed.frames,
        .seed = typed.seed,
        .split = typed.split == "train" ? Split::Train : Split::Test,
        .progress = typed.progress};
}

} // namespace vitreous::cli
