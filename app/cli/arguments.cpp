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
    std::vector<std::string> inputs;
    std::string output;
    DeviceOptions device;
    std::vector<std::string> taps;
    std::vector<std::string> maps;
    std::string mesh = "vertices";
    int runs = BenchArguments{}.runs;
    bool resume = false;
    bool features = false;
    bool progress = false;
    bool json = false;
    bool training = false;
};

CLI::App* addInspect(CLI::App& app, Typed& typed) {
    CLI::App* command = app.add_subcommand("inspect", "Say what a checkpoint is");
    command->add_option("MODEL", typed.models, modelHelp)->required()->type_name("");
    command->add_flag("--json", typed.json, "print a JSON array instead of text");
    return command;
}

CLI::App* addAnalyze(CLI::App& app, Typed& typed) {
    CLI::App* command = app.add_subcommand(
        "analyze", "Compute the maps of every model for every input and write them as .npz");
    command->add_option("--model", typed.models, modelHelp)->required()->type_name("MODEL");
    command
        ->add_option(
            "--input", typed.inputs,
            "pictures, directories of pictures, point clouds (.ply, .pcd, .xyz, .txt, .csv, "
            ".off), or .npy tensors (3, height, width) or (points, 3) that are preprocessed "
            "already")
        ->required()
        ->type_name("PATH");
    command
        ->add_option(
            "--output", typed.output, "directory for <input stem>.<model label>.npz and .json")
        ->required()
        ->type_name("DIR");
    typed.device.addTo(*command);
    command
        ->add_option("--taps", typed.taps, "taps to analyse, by name with * and ? (default: all)")
        ->type_name("GLOB");
    command
        ->add_option("--maps", typed.maps, "of magnitude, frequency, cls_attention (default: all)")
        ->delimiter(',')
        ->type_name("MAP,...");
    command
        ->add_option(
            "--mesh", typed.mesh,
            "the points of a mesh: its vertices, or 8192 spread evenly over its faces (default: "
            "vertices)")
        ->check(CLI::IsMember({"vertices", "faces"}))
        ->type_name("vertices|faces");
    command->add_flag("--features", typed.features, "write the features of every tap too");
    command->add_flag("--resume", typed.resume, "leave out what an earlier run has written");
    command->add_flag("--progress", typed.progress, "show progress, also without a terminal");
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
    command->add_option("--runs", typed.runs, "timed runs of each kind (default: 15)")
        ->check(CLI::Range(1, mostRuns));
    typed.device.addTo(*command);
    return command;
}

std::set<MapKind> mapsFrom(const Typed& typed) {
    std::set<MapKind> maps;
    for (const std::string& text : typed.maps) {
        const auto kinds = {MapKind::Magnitude, MapKind::Frequency, MapKind::ClsAttention};
        const auto* const kind = std::find_if(
            kinds.begin(), kinds.end(), [&text](MapKind one) { return name(one) == text; });
        if (kind == kinds.end()) {
            throw Error(
                ErrorCode::Usage,
                "--maps: expected magnitude, frequency or cls_attention, found '" + text + "'");
        }
        maps.insert(*kind);
    }
    return maps;
}

AnalyzeArguments analyzeFrom(const Typed& typed) {
    AnalyzeArguments arguments{
        .models = modelsFrom(typed.models),
        .inputs = {typed.inputs.begin(), typed.inputs.end()},
        .output = typed.output,
        .device = typed.device.spec(),
        .options = {.features = typed.features},
        .threads = typed.device.threads,
        .batch = typed.device.batch,
        .mesh = typed.mesh == "faces" ? MeshSampling::Faces : MeshSampling::Vertices,
        .resume = typed.resume,
        .progress = typed.progress};
    if (!typed.taps.empty()) {
        arguments.options.taps = typed.taps;
    }
    if (!typed.maps.empty()) {
        arguments.options.maps = mapsFrom(typed);
    }
    if (arguments.output.empty()) {
        throw Error(ErrorCode::Usage, "--output: expected a directory, found nothing");
    }
    return arguments;
}

BenchArguments benchFrom(const Typed& typed) {
    return {
        .models = modelsFrom(typed.models),
        .device = typed.device.spec(),
        .threads = typed.device.threads,
        .batch = typed.device.batch,
        .runs = typed.runs,
        .training = typed.training,
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
    const CLI::App* analyze = addAnalyze(app, typed);
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
    if (analyze->parsed()) {
        return analyzeFrom(typed);
    }
    if (bench->parsed()) {
        BenchArguments arguments = benchFrom(typed);
        if (arguments.training && bench->count("--batch") == 0) {
            arguments.batch = Recipe().batch;
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
