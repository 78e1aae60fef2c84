#include "app/cli/arguments.h"

#include <algorithm>
#include <memory>
#include <sstream>

#include <CLI/CLI.hpp>

#include "app/cli/device_options.h"

namespace vitreous::cli {
namespace {

constexpr int mostRuns = 100000;

/// The option values as they are typed, before they become a request.
struct Typed {
    std::vector<std::string> models;
    DeviceOptions device;
    int runs = BenchArguments{}.runs;
    bool json = false;
    bool training = false;
    bool video = false;
};

CLI::App* addInspect(CLI::App& app, Typed& typed) {
    CLI::App* command = app.add_subcommand("inspect", "Say what a checkpoint is");
    command->add_option("MODEL", typed.models, modelHelp)->required()->type_name("");
    command->add_flag("--json", typed.json, "print a JSON array instead of text");
    return command;
}

CLI::App* addBench(CLI::App& app, Typed& typed) {
    CLI::App* command = app.add_subcommand(
        "bench", "Time the forward pass alone and with all maps of all taps, in turns");
    command
        ->add_option(
            "--model", typed.models, std::string(modelHelp) + " (default: the sample pair)")
        ->type_name("MODEL");
    command->add_flag("--json", typed.json, "print JSON instead of a table");
    command->add_flag(
        "--training", typed.training, "time training steps of the demo's ViT instead, batch 64");
    command->add_flag(
        "--video", typed.video,
        "time the first model on a video of 300 frames instead: forward passes alone against the "
        "whole of video to .npz and to .mp4, batch 8 or clips one after another, 3 runs");
    command->add_option("--runs", typed.runs, "timed runs of each kind (default: 15)")
        ->check(CLI::Range(1, mostRuns));
    typed.device.addTo(*command);
    return command;
}

BenchArguments benchFrom(const Typed& typed) {
    return {
        .models = modelsFrom(typed.models),
        .device = typed.device.spec(),
        .threads = typed.device.threads,
        .batch = typed.device.batch,
        .runs = typed.runs,
        .training = typed.training,
        .video = typed.video,
        .json = typed.json};
}

/// "inspect, analyze or bench"
std::string commandNames(const CLI::App& app) {
    const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
    std::string names;
    for (std::size_t i = 0; i < commands.size(); ++i) {
        names += i == 0 ? "" : i + 1 == commands.size() ? " or " : ", ";
        names += commands[i]->get_name();
    }
    return names;
}

/// CLI11 would only say that a command is missing.
void requireKnownCommand(const CLI::App& app, int argc, const char* const* argv) {
    if (argc < 2) {
        throw Error(
            ErrorCode::Usage,
            "no command, expected " + commandNames(app) + " (vitreous-cli --help says more)");
    }
    const std::string first = argv[1];
    const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
    const bool known =
        std::any_of(commands.begin(), commands.end(), [&first](const CLI::App* command) {
            return command->get_name() == first;
        });
    if (!first.starts_with('-') && !known) {
        throw Error(
            ErrorCode::Usage, "unknown command '" + first + "', expected " + commandNames(app));
    }
}

} // namespace

Arguments parseArguments(int argc, const char* const* argv) {
    CLI::App app(
        "Looks into ViT and ViT-LLaMA checkpoints: magnitude, frequency and CLS attention of "
        "every layer.",
        "vitreous-cli");
    app.set_version_flag("--version", std::string("vitreous-cli ") + VITREOUS_VERSION);
    app.require_subcommand(1);
    Typed typed;
    const CLI::App* inspect = addInspect(app, typed);
    const AnalyzeOptions analyze(app);
    const VideoOptions video(app);
    const CLI::App* bench = addBench(app, typed);
    const EvaluateOptions evaluate(app);
    const ScenesOptions scenes(app);
    const ShapesOptions shapes(app);
    const TrainOptions train(app);
    const TrainLmOptions train_lm(app);
    requireKnownCommand(app, argc, argv);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() != 0) {
            throw Error(ErrorCode::Usage, error.what());
        }
        std::ostringstream text;
        app.exit(error, text, text);
        return HelpText{text.str()};
    }
    if (inspect->parsed()) {
        return InspectArguments{.models = modelsFrom(typed.models), .json = typed.json};
    }
    if (analyze.parsed()) {
        return analyze.arguments();
    }
    if (video.parsed()) {
        return video.arguments();
    }
    if (bench->parsed()) {
        BenchArguments arguments = benchFrom(typed);
        if (arguments.training && bench->count("--batch") == 0) {
            arguments.batch = Recipe().batch;
        }
        if (arguments.training && arguments.video) {
            throw Error(ErrorCode::Usage, "expected one of --training and --video, found both");
        }
        if (arguments.video && bench->count("--batch") == 0) {
            arguments.batch = VideoSampling().batch;
        }
        if (arguments.video && bench->count("--runs") == 0) {
            arguments.runs = 3;
        }
        return arguments;
    }
    if (evaluate.parsed()) {
        return evaluate.arguments();
    }
    if (scenes.parsed()) {
        return scenes.arguments();
    }
    if (shapes.parsed()) {
        return shapes.arguments();
    }
    if (train.parsed()) {
        return train.arguments();
    }
    return train_lm.arguments();
}

} // namespace vitreous::cli
