#include "core/nn/point_config.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/nn/config_facts.h"

namespace vitreous {
namespace {

/// Layers of the encoder that LM4VisualEncoding and Point-MAE never change.
constexpr int kFirstHidden = 128;
constexpr int kFirstOut = 256;
constexpr int kSecondHidden = 512;
constexpr int kMostHeadLayers = 16;
constexpr int kMostGroups = 1 << 14;

[[noreturn]] void refuse(const Checkpoint& checkpoint, const std::string& what) {
    throw Error(ErrorCode::Model, what + ": " + checkpoint.path.string());
}

/// A size of the shape of a tensor that has to be there with that many dimensions, 1..2^24.
int sizeOf(
    const Checkpoint& checkpoint,
    const NameMapping& mapping,
    const std::string& name,
    std::size_t dimensions,
    std::size_t at) {
    if (!mapping.has(name)) {
        refuse(checkpoint, "missing tensor " + name);
    }
    const std::vector<std::int64_t> shape = mapping.shape(name);
    if (shape.size() != dimensions || shape[at] < 1 || shape[at] > (std::int64_t{1} << 24)) {
        refuse(
            checkpoint, name + ": expected " + std::to_string(dimensions) + " dimensions, found " +
                            shapeText(shape));
    }
    return int(shape[at]);
}

/// A count from the hints, the config, or by habit, which is said.
int count(
    const Checkpoint& checkpoint,
    const std::string& key,
    std::optional<int> hint,
    std::optional<int> stated,
    std::pair<int, std::vector<std::string>*> guess) {
    if (!hint && !stated) {
        guess.second->push_back(key + " = " + std::to_string(guess.first));
    }
    const int value = hint ? *hint : stated.value_or(guess.first);
    if (value < 1 || value > kMostGroups) {
        refuse(
            checkpoint,
            key + " = " + std::to_string(value) + ", expected 1 to " + std::to_string(kMostGroups));
    }
    return value;
}

std::vector<PointHeadLayer> headOf(const Checkpoint& checkpoint, const NameMapping& mapping) {
    std::vector<PointHeadLayer> head;
    for (int i = 0; i < kMostHeadLayers; ++i) {
        const std::string name = pointHeadName(i) + ".weight";
        if (mapping.shape(name).size() == 2) {
            head.push_back(
                {.index = i,
                 .inputs = sizeOf(checkpoint, mapping, name, 2, 1),
                 .outputs = sizeOf(checkpoint, mapping, name, 2, 0),
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
        count(checkpoint, "groups", hints.groups, stated.groups, {habit.groups, &guessed});
    points.grouping.group_size = count(
        checkpoint, "group_size", hints.group_size, stated.group_size,
        {habit.group_size, &guessed});
    points.grouping.points = std::max(
        {stated.points.value_or(habit.points), points.grouping.groups, points.grouping.group_size});
    points.encoder_width = sizeOf(checkpoint, mapping, "encoder.second_conv.3.weight", 3, 0);
    points.reduce = mapping.has("reduce_dim.weight");
    points.position_hidden = sizeOf(checkpoint, mapping, "pos_embed.0.weight", 2, 0);
    points.head = headOf(checkpoint, mapping);
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
    addLinear("encoder.first_conv.0", {kFirstHidden, 3, 1});
    addBatchNorm("encoder.first_conv.1", kFirstHidden);
    addLinear("encoder.first_conv.3", {kFirstOut, kFirstHidden, 1});
    addLinear("encoder.second_conv.0", {kSecondHidden, 2 * kFirstOut, 1});
    addBatchNorm("encoder.second_conv.1", kSecondHidden);
    addLinear("encoder.second_conv.3", {points.encoder_width, kSecondHidden, 1});
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
