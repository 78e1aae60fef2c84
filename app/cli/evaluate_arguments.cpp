#include "app/cli/evaluate_arguments.h"

#include <CLI/CLI.hpp>

#include "app/cli/device_options.h"

namespace vitreous::cli {

struct EvaluateOptions::Typed {
    std::vector<std::string> models;
    std::string images;
    std::string masks;
    std::string labels;
    std::string output;
    DeviceOptions device;
    std::vector<std::string> taps;
    bool progress = false;
};

EvaluateOptions::EvaluateOptions(CLI::App& app)
    : typed_(std::make_unique<Typed>()),
      command_(app.add_subcommand(
          "evaluate",
          "Measure how well the maps find the objects, and the accuracy")) {
    Typed& typed = *typed_;
    command_->add_option("--model", typed.models, modelHelp)->required()->type_name("MODEL");
    command_->add_option("--images", typed.images, "directory of pictures")
        ->required()
        ->type_name("DIR");
    command_
        ->add_option(
            "--masks", typed.masks,
            "directory of object masks: same stem and size as the picture, nonzero = object")
        ->type_name("DIR");
    command_
        ->add_option(
            "--labels", typed.labels,
            "lines of file,class: a class by its name in the model or by its number from 0")
        ->type_name("FILE.csv");
    command_
        ->add_option("--output", typed.output, "directory for evaluation.json and evaluation.csv")
        ->required()
        ->type_name("DIR");
    typed.device.addTo(*command_);
    command_
        ->add_option("--taps", typed.taps, "taps to evaluate, by name with * and ? (default: all)")
        ->type_name("GLOB");
    command_->add_flag("--progress", typed.progress, "show progress, also without a terminal");
}

EvaluateOptions::~EvaluateOptions() = default;

bool EvaluateOptions::parsed() const {
    return command_->parsed();
}

EvaluateArguments EvaluateOptions::arguments() const {
    const Typed& typed = *typed_;
    EvaluateArguments arguments{
        .models = modelsFrom(typed.models),
        .images = typed.images,
        .masks = typed.masks,
        .labels = typed.labels,
        .output = typed.output,
        .device = typed.device.spec(),
        .threads = typed.device.threads,
        .batch = typed.device.batch,
        .progress = typed.progress};
    if (!typed.taps.empty()) {
        arguments.taps = typed.taps;
    }
    if (arguments.output.empty()) {
        throw Error(ErrorCode::Usage, "--output: expected a directory, found nothing");
    }
    if (arguments.masks.empty() && arguments.labels.empty()) {
        throw Error(ErrorCode::Usage, "expected --masks DIR or --labels FILE.csv, or both");
    }
    return arguments;
}

} // namespace vitreous::cli
