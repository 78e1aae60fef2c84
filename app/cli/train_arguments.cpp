#include "app/cli/train_arguments.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <CLI/CLI.hpp>

#include "core/analysis/model.h"
#include "core/train/init_shape.h"

namespace vitreous::cli {
namespace {

constexpr int mostThreads = 1024;
constexpr int mostSide = 4096;
constexpr int mostLayers = 256;
constexpr int mostCount = 1 << 30;

/// `text` with the default behind it.
std::string withDefault(const std::string& text, const std::string& value) {
    return text + " (default: " + value + ")";
}

std::string shortNumber(double value) {
    std::string text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    return text.ends_with('.') ? text + "0" : text;
}

} // namespace

struct TrainOptions::Typed {
    Recipe recipe;
    // The shape comes from --init where it is not typed.
    std::optional<int> width;
    std::optional<int> depth;
    std::optional<int> heads;
    std::optional<int> patch;
    std::optional<int> size;
    std::string data;
    std::string output;
    std::string llm;
    std::string block;
    std::string position = "tail";
    std::string init;
    std::string device = "auto";
    std::string precision = "fp32";
    std::string save_precision = "fp32";
    int test_limit = 0;
    int threads = 0;
    bool resume = false;
    bool progress = false;
};

namespace {

void addCount(
    CLI::App& command,
    const std::string& name,
    std::optional<int>& value,
    int standard,
    int most,
    const std::string& text) {
    command.add_option(name, value, withDefault(text, std::to_string(standard)))
        ->check(CLI::Range(1, most));
}

void addCount(
    CLI::App& command,
    const std::string& name,
    int& value,
    int least,
    int most,
    const std::string& text) {
    command.add_option(name, value, withDefault(text, std::to_string(value)))
        ->check(CLI::Range(least, most));
}

void addNumber(
    CLI::App& command,
    const std::string& name,
    double& value,
    double most,
    const std::string& text) {
    command.add_option(name, value, withDefault(text, shortNumber(value)))
        ->check(CLI::Range(0.0, most));
}

} // namespace

TrainOptions::TrainOptions(CLI::App& app)
    : typed_(std::make_unique<Typed>()),
      command_(app.add_subcommand(
          "train",
          "Train a ViT, or a ViT with a frozen language model block, on pictures")) {
    Typed& typed = *typed_;
    Recipe& recipe = typed.recipe;
    CLI::App& command = *command_;
    command
        .add_option(
            "--data", typed.data,
            "directory with one directory of pictures a class, or with IDX files such as "
            "train-images-idx3-ubyte.gz")
        ->required()
        ->type_name("DIR");
    command
        .add_option(
            "--output", typed.output,
            "directory for model.safetensors, model.pth, log.csv and state.safetensors")
        ->required()
        ->type_name("DIR");

    CLI::Option_group& shape = *command.add_option_group("Model");
    addCount(shape, "--width", typed.width, recipe.width, 16384, "channels");
    addCount(shape, "--depth", typed.depth, recipe.depth, mostLayers, "blocks");
    addCount(shape, "--heads", typed.heads, recipe.heads, 1024, "attention heads");
    addCount(shape, "--patch", typed.patch, recipe.patch, 512, "side of a patch in pixels");
    addCount(shape, "--size", typed.size, recipe.size, mostSide, "side of the input in pixels");
    shape
        .add_option(
            "--init", typed.init, "a checkpoint to start from; gives the shape where none is typed")
        ->type_name("FILE");

    CLI::Option_group& llm = *command.add_option_group("Language model block");
    llm.add_option(
           "--llm", typed.llm,
           "FILE[,llm_layer=N]: a language model whose layer is put between two mappers")
        ->type_name("FILE");
    addCount(llm, "--llm-layers", recipe.llm_layers, 1, mostLayers, "consecutive layers to take");
    llm.add_option(
           "--block", typed.block,
           "frozen, unfrozen, random (its shape, fresh values, frozen), mlp (as many parameters), "
           "identity or none (default: frozen with --llm)")
        ->check(CLI::IsMember({"none", "frozen", "unfrozen", "random", "mlp", "identity"}));
    llm.add_option(
           "--position", typed.position, "of the block: head, middle or tail (default: tail)")
        ->check(CLI::IsMember({"head", "middle", "tail"}));

    CLI::Option_group& training = *command.add_option_group("Training");
    addCount(training, "--epochs", recipe.epochs, 1, 1 << 20, "passes over the pictures");
    addCount(
        training, "--limit", recipe.limit, 0, mostCount,
        "pictures an epoch, drawn anew for each; 0: all");
    addCount(training, "--batch", recipe.batch, 1, 65536, "pictures a step");
    addNumber(training, "--learning-rate", recipe.learning_rate, 10.0, "of AdamW, at its peak");
    addNumber(training, "--weight-decay", recipe.weight_decay, 10.0, "of matrices and kernels");
    addNumber(
        training, "--warmup-epochs", recipe.warmup_epochs, 1 << 20,
        "linear warm-up; then a cosine");
    addNumber(training, "--label-smoothing", recipe.label_smoothing, 0.9, "");
    addNumber(training, "--clip", recipe.clip, 1e9, "largest norm of the gradient; 0: any");
    training.add_option("--seed", recipe.seed, "of everything random (default: 1)");
    training
        .add_option(
            "--test-limit", typed.test_limit, "test pictures after each epoch; 0: all (default: 0)")
        ->check(CLI::Range(0, mostCount));
    training.add_flag("--resume", typed.resume, "go on with the run in --output");

    CLI::Option_group& pictures = *command.add_option_group("Pictures");
    pictures.add_flag("--flip", recipe.flip, "mirror half of them");
    pictures.add_flag("--crop", recipe.crop, "crop at a random place, padded by an eighth");
    addNumber(
        pictures, "--colour,--color", recipe.colour, 1.0,
        "change of brightness, contrast and saturation");
    addNumber(pictures, "--mixup", recipe.mixup, 100.0, "alpha of the mix of two pictures");
    addCount(
        pictures, "--clutter", recipe.clutter, 0, mostSide,
        "side of scenes with one item over a busy background; 0: the pictures themselves");

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
            "of the checkpoints: fp32, fp16 or bf16 (default: fp32)")
        ->check(CLI::IsMember({"fp32", "fp16", "bf16"}));
    machine.add_option("--threads", typed.threads, "threads (default: one a physical core)")
        ->check(CLI::Range(1, mostThreads));
    machine.add_flag("--progress", typed.progress, "show progress, also without a terminal");
}

TrainOptions::~TrainOptions() = default;

bool TrainOptions::parsed() const {
    return command_->parsed();
}

TrainArguments TrainOptions::arguments() const {
    const Typed& typed = *typed_;
    Recipe recipe = typed.recipe;
    if (!typed.init.empty()) {
        recipe.init = typed.init;
        takeShape(recipe.init, recipe);
    }
    recipe.width = typed.width.value_or(recipe.width);
    recipe.depth = typed.depth.value_or(recipe.depth);
    recipe.heads = typed.heads.value_or(recipe.heads);
    recipe.patch = typed.patch.value_or(recipe.patch);
    recipe.size = typed.size.value_or(recipe.size);
    if (!typed.llm.empty()) {
        const ModelSpec spec = parseModelSpec(typed.llm);
        ModelSpec plain;
        plain.path = spec.path;
        plain.llm_layer = spec.llm_layer;
        if (!(spec == plain)) {
            throw Error(
                ErrorCode::Usage,
                "--llm: expected FILE or FILE,llm_layer=N, found '" + typed.llm + "'");
        }
        recipe.llm = spec.path;
        recipe.llm_layer = spec.llm_layer;
        recipe.block = BlockKind::Frozen;
    }
    for (const BlockKind kind :
         {BlockKind::None, BlockKind::Frozen, BlockKind::Unfrozen, BlockKind::Random,
          BlockKind::Mlp, BlockKind::Identity}) {
        if (name(kind) == typed.block) {
            recipe.block = kind;
        }
    }
    for (const BlockPosition position :
         {BlockPosition::Head, BlockPosition::Middle, BlockPosition::Tail}) {
        if (name(position) == typed.position) {
            recipe.position = position;
        }
    }
    TrainArguments arguments;
    arguments.request.recipe = recipe;
    arguments.request.data = typed.data;
    arguments.request.output = typed.output;
    arguments.request.device = typed.device;
    arguments.request.mixed = typed.precision == "bf16";
    arguments.request.save_type = typed.save_precision == "fp16"   ? DType::Float16
                                  : typed.save_precision == "bf16" ? DType::BFloat16
                                                                   : DType::Float32;
    arguments.request.test_limit = typed.test_limit;
    arguments.request.resume = typed.resume;
    arguments.threads = typed.threads;
    arguments.progress = typed.progress;
    if (arguments.request.output.empty()) {
        throw Error(ErrorCode::Usage, "--output: expected a directory, found nothing");
    }
    return arguments;
}

} // namespace vitreous::cli
