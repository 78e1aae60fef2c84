#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace vitreous {

/// What stands between the two mappers of a model. The paper's method is Frozen; the others are its
/// ablations. Source: arXiv 2310.12973, section 5.
enum class BlockKind {
    None,     ///< a plain ViT, no mappers
    Frozen,   ///< blocks of a language model, never trained
    Unfrozen, ///< the same, trained along
    Random,   ///< randomly initialised blocks of the same shape, never trained
    Mlp,      ///< a trained residual MLP of as many parameters
    Identity  ///< the mappers alone
};

/// "none", "frozen", "unfrozen", "random", "mlp", "identity".
std::string_view name(BlockKind kind);

/// Where the blocks are put into the ViT: before its first block, behind half of them, at the end.
enum class BlockPosition { Head, Middle, Tail };

std::string_view name(BlockPosition position); ///< "head", "middle", "tail"

/// How a classifier of images, or of point clouds, is trained. Defaults are the demo's.
struct Recipe {
    int width = 96; ///< channels
    int depth = 6;  ///< blocks
    int heads = 3;
    int patch = 4; ///< pixels
    int size = 64; ///< side of the input in pixels
    int epochs = 10;
    int batch = 64;
    double learning_rate = 1e-3;
    double weight_decay = 0.05;
    double warmup_epochs = 1.0;
    double label_smoothing = 0.1;
    double mixup = 0.0; ///< alpha of the Beta distribution; 0: off
    double clip = 1.0;  ///< largest norm of the gradient; 0: off
    bool flip = false;
    bool crop = false;   ///< a crop at a random place, padded by an eighth of the side
    double colour = 0.0; ///< brightness, contrast and saturation, each by at most this part
    int clutter = 0;     ///< side of cluttered scenes in pixels; 0: the pictures themselves
    std::uint64_t seed = 1;
    int limit = 0; ///< training pictures an epoch; 0: all

    bool shapes = false; ///< in place of pictures: point clouds that the program makes
    int points = 1024;   ///< that a cloud is sampled to at most
    int groups = 64;     ///< tokens of a cloud
    int group_size = 32; ///< points a token

    BlockKind block = BlockKind::None;
    BlockPosition position = BlockPosition::Tail;
    std::filesystem::path llm; ///< where the blocks are taken from
    std::optional<int> llm_layer;
    int llm_layers = 1;         ///< consecutive ones, from llm_layer
    std::filesystem::path init; ///< a checkpoint to start from

    friend bool operator==(const Recipe&, const Recipe&) = default;
};

/// The recipe as JSON: what decides the numbers of a training run.
nlohmann::json toJson(const Recipe& recipe);

/// Throws Error{Usage} that names the first value that makes no sense.
void requireSense(const Recipe& recipe);

/// The learning rate at a step: a linear warm-up, then half a cosine down to a hundredth.
/// steps: of the whole run; warmup_steps: 0 or more.
double
learningRateAt(double peak, std::int64_t step, std::int64_t warmup_steps, std::int64_t steps);

} // namespace vitreous
