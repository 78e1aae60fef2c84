#include "core/nn/point_config.h"

#include <algorithm>

#include "core/nn/config_facts.h"
#include "core/nn/tensor_shape.h"

namespace vitreous {
namespace {

constexpr int kMostHeadLayers = 16;
constexpr int kMostGroups = 1 << 14;

/// A count that the hints or the config state, or that habit has; guesses are added to the list.
struct Counted {
    std::string key;
    std::optional<int> hint;
    std::optional<int> stated;
    int habit;
};

int count(
    const std::filesystem::path& path,
    const Counted& counted,
    std::vector<std::string>& guessed) {
    const int value = counted.hint.value_or(counted.stated.value_or(counted.habit));
    if (value < 1 || value > kMostGroups) {
        refuseModel(
            path, counted.key + " = " + std::to_string(value) + ", expected 1 to " +
                      std::to_string(kMostGroups));
    }
    if (!counted.hint && !counted.stated) {
        guessed.push_back(counted.key + " = " + std::to_string(value));
    }
    return value;
}

std::vector<PointHeadLayer> headOf(const std::filesystem::path& path, const NameMapping& mapping) {
    std::vector<PointHeadLayer> head;
    for (int i = 0; i < kMostHeadLayers; ++i) {
        const std::string name = pointHeadName(i) + ".weight";
        if (mapping.shape(name).size() == 2) {
            const auto shape = shapeOf(path, mapping, name, 2);
            head.push_back(
                {.index = i,
                 .outputs = int(shape[0]),
                 .norm = mapping.shape(pointHeadName(i + 1) + ".weight").size() == 1});
        }
    }
    return head;
}

} // namespace

std::string pointHeadName(int index) {
    return "cls_head_finetune." + std::to_string(index);
}

PointConfig derivePoints(
    const Checkpoint& checkpoint,
    const NameMapping& mapping,
    const ModelHints& hints,
    std::vector<std::string>& guessed) {
    const PointGrouping habit;
    const StatedGrouping stated = statedGrouping(checkpoint);
    PointConfig points;
    points.present = true;
    points.grouping.groups =
        count(checkpoint.path, {"groups", hints.groups, stated.groups, habit.groups}, guessed);
    points.grouping.group_size = count(
        checkpoint.path, {"group_size", hints.group_size, stated.group_size, habit.group_size},
        guessed);
    points.grouping.points = std::max(
        {stated.points.value_or(habit.points), points.grouping.groups, points.grouping.group_size});
    const auto channels = [&](const char* name) {
        return int(shapeOf(checkpoint.path, mapping, name, 3)[0]);
    };
    points.first_hidden = channels("encoder.first_conv.0.weight");
    points.first_out = channels("encoder.first_conv.3.weight");
    points.second_hidden = channels("encoder.second_conv.0.weight");
    points.encoder_width = channels("encoder.second_conv.3.weight");
    points.reduce = mapping.has("reduce_dim.weight");
    points.position_hidden = int(shapeOf(checkpoint.path, mapping, "pos_embed.0.weight", 2)[0]);
    points.head = headOf(checkpoint.path, mapping);
    return points;
}

std::vector<std::pair<std::string, std::vector<std::int64_t>>> expectedPointTensors(
    const PointConfig& points,
    int blocks_width) {
    std::vector<std::pair<std::string, std::vector<std::int64_t>>> list;
    const auto addLinear = [&list](const std::string& name, std::vector<std::int64_t> shape) {
        list.emplace_back(name + ".bias", std::vector<std::int64_t>{shape.front()});
        list.emplace_back(name + ".weight", std::move(shape));
    };
    const auto addBatchNorm = [&list](const std::string& name, std::int64_t channels) {
        for (const char* part : {".weight", ".bias", ".running_mean", ".running_var"}) {
            list.emplace_back(name + part, std::vector<std::int64_t>{channels});
        }
    };
    const std::int64_t width = blocks_width;
    list.emplace_back("cls_pos", std::vector<std::int64_t>{1, 1, width});
    addLinear("encoder.first_conv.0", {points.first_hidden, 3, 1});
    addBatchNorm("encoder.first_conv.1", points.first_hidden);
    addLinear("encoder.first_conv.3", {points.first_out, points.first_hidden, 1});
    addLinear(
        "encoder.second_conv.0", {points.second_hidden, 2 * std::int64_t{points.first_out}, 1});
    addBatchNorm("encoder.second_conv.1", points.second_hidden);
    addLinear("encoder.second_conv.3", {points.encoder_width, points.second_hidden, 1});
    if (points.reduce) {
        addLinear("reduce_dim", {width, points.encoder_width});
    }
    addLinear("pos_embed.0", {points.position_hidden, 3});
    addLinear("pos_embed.2", {width, points.position_hidden});
    // A head's layers have to fit one another.
    std::int64_t inputs = 2 * width;
    for (const PointHeadLayer& layer : points.head) {
        addLinear(pointHeadName(layer.index), {layer.outputs, inputs});
        if (layer.norm) {
            addBatchNorm(pointHeadName(layer.index + 1), layer.outputs);
        }
        inputs = layer.outputs;
    }
    return list;
}

} // namespace vitreous
