#include "app/cli/train_lm_arguments.h"

#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/cli/device_options.h"

namespace vitreous::cli {
namespace {

constexpr int most_width = 16384;
constexpr int most_layers = 256;
constexpr int most_context = 65536;
constexpr int most_batch = 65536;
constexpr std::int64_t most_steps = 1'000'000'000;
/// Warm-up is this part of the steps where none is asked for.
constexpr std::int64_t warmup_share = 20;

template <typename Value>
std::string withDefault(const std::string& text, Value value) {
    std::ostringstream all;
    all << text << " (default: " << value << ")";
    return all.str();
}

template <typename Value>
void addNumber(
    CLI::App& command,
    const std::string& name,
    Value& value,
    Value least,
    Value most,
    const std::string& text) {
    command.add_option(name, value, withDefault(text, value))->check(CLI::Range(least, most));
}

} // namespace

struct TrainLmOptions::Typed {
    LanguageModelRecipe recipe;
    std::vector<std::string> text;
    std::optional<std::int64_t> warmup_steps;
    TrainingOptions common;
};

TrainLmOptions::TrainLmOptions(CLI::App& app)
    : typed_(std::make_unique<Typed>()),
      command_(app.add_subcommand(
          "train-lm",
          "Train a small LLaMA-type language model on the bytes of plain text")) {
    Typed& typed = *typed_;
    LanguageModelRecipe& recipe = typed.recipe;
    CLI::App& command = *command_;
    command.add_option("--text", typed.text, "plain text; its last twentieth is held out")
        ->required()
        ->type_name("FILE");
    typed.common.addOutputTo(command, "model.safetensors, model.pth and log.csv");

    CLI::Option_group& shape = *command.add_option_group("Model");
    addNumber(shape, "--width", recipe.width, 1, most_width, "channels");
    addNumber(shape, "--layers", recipe.layers, 1, most_layers, "blocks");
    addNumber(shape, "--heads", recipe.heads, 1, most_width, "attention heads");
    addNumber(shape, "--hidden", recipe.hidden, 1, 4 * most_width, "channels of the SwiGLU");
    addNumber(shape, "--context", recipe.context, 1, most_context, "bytes that it looks back at");

    CLI::Option_group& training = *command.add_option_group("Training");
    addNumber(training, "--batch", recipe.batch, 1, most_batch, "sequences a step");
    addNumber(training, "--steps", recipe.steps, std::int64_t{1}, most_steps, "updates");
    training
        .add_option(
            "--learning-rate", recipe.learning_rate,
            withDefault("of AdamW, at its peak; then a cosine", recipe.learning_rate))
        ->check(CLI::PositiveNumber);
    addNumber(training, "--weight-decay", recipe.weight_decay, 0.0, 10.0, "of matrices");
    training
        .add_option(
            "--warmup-steps", typed.warmup_steps,
            "linear warm-up (default: a twentieth of --steps)")
        ->check(CLI::Range(std::int64_t{0}, most_steps));
    addSeed(training, recipe.seed);
    typed.common.addMachineTo(command);
}

TrainLmOptions::~TrainLmOptions() = default;

bool TrainLmOptions::parsed() const {
    return command_->parsed();
}

TrainLmArguments TrainLmOptions::arguments() const {
    const Typed& typed = *typed_;
    TrainLmArguments arguments;
    LanguageModelRequest& request = arguments.request;
    request.recipe = typed.recipe;
    request.recipe.warmup_steps = typed.warmup_steps.value_or(typed.recipe.steps / warmup_share);
    request.text = {typed.text.begin(), typed.text.end()};
    request.output = typed.common.directory();
    request.device = typed.common.device;
    request.mixed = typed.common.isMixed();
    request.save_type = typed.common.saveType();
    arguments.threads = typed.common.threads;
    arguments.progress = typed.common.progress;
    requireSense(request.recipe);
    return arguments;
}

} // namespace vitreous::cli
