#include "app/cli/train_arguments.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <CLI/CLI.hpp>

#include "app/cli/device_options.h"
#include "core/analysis/model.h"
#include "core/train/init_shape.h"

namespace vitreous::cli {
namespace {

constexpr int mostSide = 4096;
constexpr int mostLayers = 256;
constexpr int mostEpochs = 10000;
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
    std::optional<int> points;
    std::optional<int> groups;
    std::optional<int> group_size;
    std::string llm;
    std::string block;
    std::string position = "tail";
    std::string init;
    TrainingOptions common;
    int test_limit = 0;
    bool resume = false;

    void addShapeTo(CLI::App& group);
    void addBlockTo(CLI::App& group);
    void addTrainingTo(CLI::App& group);
    void addPicturesTo(CLI::App& group);
    void addShapesTo(CLI::App& group);
    void takeTypedShape(Recipe& to) const;
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
          "Train a ViT on pictures, or a Point-BERT on shapes, each also with a frozen language "
          "model block")) {
    Typed& typed = *typed_;
    command_
        ->add_option(
            "--data", typed.data,
            "directory with one directory of pictures a class, or with IDX files such as "
            "train-images-idx3-ubyte.gz")
        ->type_name("DIR");
    command_->add_flag(
        "--shapes", typed.recipe.shapes,
        "in place of --data: train a Point-BERT on point clouds that the program makes, 4000 an "
        "epoch");
    typed.common.addOutputTo(
        *command_, "model.safetensors, model.pth, log.csv and state.safetensors");
    typed.addShapeTo(*command_->add_option_group("Model"));
    typed.addBlockTo(*command_->add_option_group("Language model block"));
    typed.addTrainingTo(*command_->add_option_group("Training"));
    typed.addPicturesTo(*command_->add_option_group("Pictures"));
    typed.addShapesTo(*command_->add_option_group("Shapes"));
    typed.common.addMachineTo(*command_);
}

void TrainOptions::Typed::addShapeTo(CLI::App& group) {
    addCount(group, "--width", width, recipe.width, 16384, "channels");
    addCount(group, "--depth", depth, recipe.depth, mostLayers, "blocks");
    addCount(group, "--heads", heads, recipe.heads, 1024, "attention heads");
    addCount(group, "--patch", patch, recipe.patch, 512, "side of a patch in pixels; of pictures");
    addCount(
        group, "--size", size, recipe.size, mostSide, "side of the input in pixels; of pictures");
    group
        .add_option(
            "--init", init, "a checkpoint to start from; gives the shape where none is typed")
        ->type_name("FILE");
}

void TrainOptions::Typed::addBlockTo(CLI::App& group) {
    group
        .add_option(
            "--llm", llm,
            "FILE[,llm_layer=N]: a language model whose layer is put between two mappers")
        ->type_name("FILE");
    addCount(group, "--llm-layers", recipe.llm_layers, 1, mostLayers, "consecutive layers to take");
    group
        .add_option(
            "--block", block,
            "frozen, unfrozen, random (its shape, fresh values, frozen), mlp (as many "
            "parameters), identity or none (default: frozen with --llm)")
        ->check(CLI::IsMember({"none", "frozen", "unfrozen", "random", "mlp", "identity"}));
    group.add_option("--position", position, "of the block: head, middle or tail (default: tail)")
        ->check(CLI::IsMember({"head", "middle", "tail"}));
}

void TrainOptions::Typed::addTrainingTo(CLI::App& group) {
    addCount(group, "--epochs", recipe.epochs, 1, mostEpochs, "passes over the data");
    addCount(
        group, "--limit", recipe.limit, 0, mostCount,
        "pictures an epoch, drawn anew for each, 0: all; of shapes, which are made anew, 0: 4000");
    addCount(group, "--batch", recipe.batch, 1, 65536, "pictures or shapes a step");
    addNumber(group, "--learning-rate", recipe.learning_rate, 10.0, "of AdamW, at its peak");
    addNumber(group, "--weight-decay", recipe.weight_decay, 10.0, "of matrices and kernels");
    addNumber(
        group, "--warmup-epochs", recipe.warmup_epochs, mostEpochs,
        "linear warm-up; then a cosine");
    addNumber(
        group, "--label-smoothing", recipe.label_smoothing, 0.9,
        "share of the target that all classes have alike");
    addNumber(group, "--clip", recipe.clip, 1e9, "largest norm of the gradient; 0: any");
    addSeed(group, recipe.seed);
    addCount(
        group, "--test-limit", test_limit, 0, mostCount,
        "pictures or shapes to test on after each epoch; 0: all");
    group.add_flag("--resume", resume, "go on with the run in --output");
}

void TrainOptions::Typed::addPicturesTo(CLI::App& group) {
    group.add_flag("--flip", recipe.flip, "mirror half of them");
    group.add_flag("--crop", recipe.crop, "crop at a random place, padded by an eighth");
    addNumber(
        group, "--colour,--color", recipe.colour, 1.0,
        "change of brightness, contrast and saturation");
    addNumber(group, "--mixup", recipe.mixup, 100.0, "alpha of the mix of two pictures; 0: off");
    addCount(
        group, "--clutter", recipe.clutter, 0, mostSide,
        "side of scenes with one item over a busy background; 0: the pictures themselves");
}

void TrainOptions::Typed::addShapesTo(CLI::App& group) {
    addCount(
        group, "--points", points, recipe.points, 1 << 20, "that a cloud is sampled to at most");
    addCount(group, "--groups", groups, recipe.groups, 1 << 14, "of points: the tokens");
    addCount(group, "--group-size", group_size, recipe.group_size, 1 << 14, "points a group");
}

/// What is typed wins over what --init says. Throws Error{Usage} for an option of the other kind.
void TrainOptions::Typed::takeTypedShape(Recipe& to) const {
    struct Number {
        const char* name;
        const std::optional<int>& typed;
        int& value;
        bool fits;
    };
    for (const Number& number :
         {Number{"--width", width, to.width, true}, Number{"--depth", depth, to.depth, true},
          Number{"--heads", heads, to.heads, true}, Number{"--patch", patch, to.patch, !to.shapes},
          Number{"--size", size, to.size, !to.shapes},
          Number{"--points", points, to.points, to.shapes},
          Number{"--groups", groups, to.groups, to.shapes},
          Number{"--group-size", group_size, to.group_size, to.shapes}}) {
        if (number.typed && !number.fits) {
            throw Error(
                ErrorCode::Usage,
                std::string(number.name) +
                    (to.shapes ? " is of pictures, not of --shapes" : " goes with --shapes"));
        }
        number.value = number.typed.value_or(number.value);
    }
}

TrainOptions::~TrainOptions() = default;

bool TrainOptions::parsed() const {
    return command_->parsed();
}

TrainArguments TrainOptions::arguments() const {
    const Typed& typed = *typed_;
    Recipe recipe = typed.recipe;
    if (typed.data.empty() != recipe.shapes) {
        throw Error(
            ErrorCode::Usage, recipe.shapes ? "--shapes takes the place of --data, found both"
                                            : "--data is required: a directory of pictures, or "
                                              "--shapes");
    }
    if (!typed.init.empty()) {
        recipe.init = typed.init;
        takeShape(recipe.init, recipe);
    }
    typed.takeTypedShape(recipe);
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
    arguments.request.output = typed.common.directory();
    arguments.request.device = typed.common.device;
    arguments.request.mixed = typed.common.isMixed();
    arguments.request.save_type = typed.common.saveType();
    arguments.request.test_limit = typed.test_limit;
    arguments.request.resume = typed.resume;
    arguments.threads = typed.common.threads;
    arguments.progress = typed.common.progress;
    return arguments;
}

} // namespace vitreous::cli
