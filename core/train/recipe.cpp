#include "core/train/recipe.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/base/error.h"

namespace vitreous {
namespace {

void require(bool holds, const std::string& what) {
    if (!holds) {
        throw Error(ErrorCode::Usage, what);
    }
}

} // namespace

std::string_view name(BlockKind kind) {
    switch (kind) {
    case BlockKind::None:
        return "none";
    case BlockKind::Frozen:
        return "frozen";
    case BlockKind::Unfrozen:
        return "unfrozen";
    case BlockKind::Random:
        return "random";
    case BlockKind::Mlp:
        return "mlp";
    case BlockKind::Identity:
        return "identity";
    }
    return "none";
}

std::string_view name(BlockPosition position) {
    switch (position) {
    case BlockPosition::Head:
        return "head";
    case BlockPosition::Middle:
        return "middle";
    case BlockPosition::Tail:
        return "tail";
    }
    return "tail";
}

nlohmann::json toJson(const Recipe& recipe) {
    nlohmann::json json = {
        {"width", recipe.width},
        {"depth", recipe.depth},
        {"heads", recipe.heads},
        {"patch", recipe.patch},
        {"size", recipe.size},
        {"epochs", recipe.epochs},
        {"batch", recipe.batch},
        {"learning_rate", recipe.learning_rate},
        {"weight_decay", recipe.weight_decay},
        {"warmup_epochs", recipe.warmup_epochs},
        {"label_smoothing", recipe.label_smoothing},
        {"mixup", recipe.mixup},
        {"clip", recipe.clip},
        {"flip", recipe.flip},
        {"crop", recipe.crop},
        {"colour", recipe.colour},
        {"clutter", recipe.clutter},
        {"seed", recipe.seed},
        {"limit", recipe.limit},
        {"block", name(recipe.block)},
        {"position", name(recipe.position)},
        {"llm", recipe.llm.filename().string()},
        {"llm_layers", recipe.llm_layers},
        {"init", recipe.init.filename().string()}};
    if (recipe.shapes) {
        json["shapes"] = true;
        json["points"] = recipe.points;
        json["groups"] = recipe.groups;
        json["group_size"] = recipe.group_size;
        for (const char* key : {"patch", "size", "mixup", "flip", "crop", "colour", "clutter"}) {
            json.erase(key);
        }
    }
    json["llm_layer"] = recipe.llm_layer ? nlohmann::json(*recipe.llm_layer) : nlohmann::json();
    return json;
}

void requireSense(const Recipe& recipe) {
    const std::array<std::pair<const char*, double>, 7> numbers = {
        {{"learning rate", recipe.learning_rate},
         {"weight decay", recipe.weight_decay},
         {"warm-up", recipe.warmup_epochs},
         {"label smoothing", recipe.label_smoothing},
         {"mixup", recipe.mixup},
         {"clip", recipe.clip},
         {"change of colour", recipe.colour}}};
    for (const auto& [what, value] : numbers) {
        require(
            std::isfinite(value) && value >= 0.0,
            std::string("expected a ") + what + " of 0 or more, found " + std::to_string(value));
    }
    require(
        recipe.width % recipe.heads == 0, std::to_string(recipe.heads) +
                                              " heads do not divide a width of " +
                                              std::to_string(recipe.width));
    const bool has_augmentation =
        recipe.mixup > 0.0 || recipe.colour > 0.0 || recipe.flip || recipe.crop;
    require(
        !recipe.shapes || (!has_augmentation && recipe.clutter == 0),
        "--mixup, --flip, --crop, --colour and --clutter change pictures, not --shapes");
    require(
        !recipe.shapes || recipe.points >= std::max(recipe.groups, recipe.group_size),
        "expected at least " + std::to_string(std::max(recipe.groups, recipe.group_size)) +
            " points for " + std::to_string(recipe.groups) + " groups of " +
            std::to_string(recipe.group_size) + ", found " + std::to_string(recipe.points));
    require(
        recipe.shapes || recipe.size % recipe.patch == 0,
        "a size of " + std::to_string(recipe.size) + " is no multiple of the patch size " +
            std::to_string(recipe.patch));
    require(
        recipe.clutter == 0 || recipe.clutter >= recipe.size,
        "--clutter " + std::to_string(recipe.clutter) + " is smaller than the input, --size " +
            std::to_string(recipe.size));
    const bool needs_llm = recipe.block != BlockKind::None;
    require(
        !needs_llm || !recipe.llm.empty(), "--block " + std::string(name(recipe.block)) +
                                               " needs --llm FILE for its shape or weights");
    require(
        needs_llm || (recipe.position == BlockPosition::Tail && recipe.llm_layers == 1),
        "--position and --llm-layers go with --llm FILE");
    require(
        recipe.llm.empty() || recipe.block != BlockKind::None,
        "--llm was given, but --block none leaves it out");
}

double
learningRateAt(double peak, std::int64_t step, std::int64_t warmup_steps, std::int64_t steps) {
    constexpr double floor = 0.01;
    if (step < warmup_steps) {
        return peak * double(step + 1) / double(warmup_steps);
    }
    const double along =
        double(step - warmup_steps) / double(std::max<std::int64_t>(1, steps - warmup_steps));
    const double cosine = 0.5 * (1.0 + std::cos(std::numbers::pi * std::min(1.0, along)));
    return peak * (floor + (1.0 - floor) * cosine);
}

} // namespace vitreous
