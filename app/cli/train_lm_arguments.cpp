#include "app/cli/train_lm_arguments.h"

#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace vitreous::cli {
namespace {

constexpr int most_threads = 1024;
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

DType typeNamed(const std::string& precision) {
    return precision == "fp16"   ? DType::Float16
           : precision == "bf16" ? DType::BFloat16
                                 : DType::Float32;
}

} // namespace

struct TrainLmOptions::Typed {
    LanguageModelRecipe recipe;
    std::vector<std::string> text;
    std::string output;
    std::optional<std::int64_t> warmup_steps;
    std::string device = "auto";
    std::string precision = "fp32";
    std::string save_precision = "fp32";
    int threads = 0;
    bool progress = false;
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
    command
        .add_option(
            "--output", typed.output, "directory for model.safetensors, model.pth and log.csv")
        ->required()
        ->type_name("DIR");

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
    training.add_option("--seed", recipe.seed, withDefault("of everything random", recipe.seed));

    CLI::Option_group& machine = *command.add_option_group("Machine");
    machine.add_option("--device", typed.device, "auto, cpu, cuda or cuda:N (default: auto)")
        ->type_name("DEVICE");
    machine
        .add_option(
            "--precision", typed.precision,
            "fp32, or bf16: matrix products in bf16, the rest in fp32 (default: fp32)")
        ->check(CLI::IsMember({"fp32", "bf16"}));
    machine
        .add_option(
            "--save-precision", typed.save_precision,
            "of the model files: fp32, fp16 or bf16 (default: fp32)")
        ->check(CLI::IsMember({"fp32", "fp16", "bf16"}));
    machine.add_option("--threads", typed.threads, "threads (default: one a physical core)")
        ->check(CLI::Range(1, most_threads));
    machine.add_flag("--progress", typed.progress, "show progress, also without a terminal");
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
    request.output = typed.output;
    request.device = typed.device;
    request.mixed = typed.precision == "bf16";
    request.save_type = typeNamed(typed.save_precision);
    arguments.threads = typed.threads;
    arguments.progress = typed.progress;
    if (request.output.empty()) {
        throw Error(ErrorCode::Usage, "--output: expected a directory, found nothing");
    }
    requireSense(request.recipe);
    return arguments;
}

} // namespace vitreous::cli
