#include "core/nn/config_facts.h"

#include <array>
#include <cmath>

#include "core/base/error.h"

namespace vitreous {
namespace {

using nlohmann::json;

/// The member of an object, or null.
const json& member(const json& object, const char* key) {
    static const json none;
    if (!object.is_object()) {
        return none;
    }
    const auto it = object.find(key);
    return it == object.end() ? none : *it;
}

/// A whole number from 1 to 2^20, or nothing.
std::optional<int> wholeNumber(const json& value) {
    if (!value.is_number()) {
        return std::nullopt;
    }
    const double number = value.get<double>();
    if (!(number >= 1.0 && number <= double(1 << 20)) || number != std::floor(number)) {
        return std::nullopt;
    }
    return static_cast<int>(number);
}

/// (height, width) from 224, [224, 224], [3, 224, 224] or {"height": 224, "width": 224}.
std::optional<std::pair<int, int>> sizeFrom(const json& value) {
    if (const auto side = wholeNumber(value)) {
        return std::pair(*side, *side);
    }
    std::optional<int> height;
    std::optional<int> width;
    if (value.is_array() && (value.size() == 2 || value.size() == 3)) {
        height = wholeNumber(value[value.size() - 2]);
        width = wholeNumber(value[value.size() - 1]);
    } else if (value.is_object()) {
        height = wholeNumber(member(value, "height"));
        width = wholeNumber(member(value, "width"));
    }
    return height && width ? std::optional(std::pair(*height, *width)) : std::nullopt;
}

std::string modelName(const Checkpoint& checkpoint) {
    for (const json* value :
         {&member(checkpoint.config, "architecture"), &member(checkpoint.arguments, "model"),
          &member(checkpoint.arguments, "arch")}) {
        if (value->is_string()) {
            return value->get<std::string>();
        }
    }
    return {};
}

std::optional<std::array<float, 3>> triple(const json& value) {
    std::array<float, 3> numbers{};
    if (value.is_number()) {
        numbers.fill(value.get<float>());
        return numbers;
    }
    if (!value.is_array() || (value.size() != 3 && value.size() != 1)) {
        return std::nullopt;
    }
    for (std::size_t i = 0; i < 3; ++i) {
        const json& number = value[value.size() == 1 ? 0 : i];
        if (!number.is_number()) {
            return std::nullopt;
        }
        numbers[i] = number.get<float>();
    }
    return numbers;
}

/// Pillow's filter numbers, as Hugging Face stores them.
Filter filterFrom(const json& value, Filter otherwise) {
    if (value.is_string()) {
        const std::string name = value.get<std::string>();
        return name == "bilinear"  ? Filter::Bilinear
               : name == "lanczos" ? Filter::Lanczos
               : name == "nearest" ? Filter::Nearest
               : name == "bicubic" ? Filter::Bicubic
                                   : otherwise;
    }
    constexpr std::array kByNumber = {
        Filter::Nearest, Filter::Lanczos, Filter::Bilinear, Filter::Bicubic};
    if (value.is_number_integer()) {
        const auto number = value.get<std::int64_t>();
        if (number >= 0 && number < std::int64_t(kByNumber.size())) {
            return kByNumber[static_cast<std::size_t>(number)];
        }
    }
    return otherwise;
}

bool flag(const json& object, const char* key, bool otherwise) {
    const json& value = member(object, key);
    return value.is_boolean() ? value.get<bool>() : otherwise;
}

void applyTimm(const json& config, PreprocessSpec& spec) {
    const json& stated = member(config, "pretrained_cfg");
    if (!stated.is_object()) {
        return;
    }
    spec.mean = triple(member(stated, "mean")).value_or(spec.mean);
    spec.deviation = triple(member(stated, "std")).value_or(spec.deviation);
    spec.filter = filterFrom(member(stated, "interpolation"), spec.filter);
    const json& share = member(stated, "crop_pct");
    if (share.is_number() && share.get<double>() > 0.1 && share.get<double>() <= 1.0) {
        spec.resize_short = static_cast<int>(
            std::floor(std::min(spec.crop_width, spec.crop_height) / share.get<double>()));
    }
    spec.source = "the config (pretrained_cfg)";
}

void applyHuggingFace(const json& stated, PreprocessSpec& spec) {
    if (!stated.is_object()) {
        return;
    }
    spec.source = "preprocessor_config.json";
    spec.filter = filterFrom(member(stated, "resample"), Filter::Bilinear);
    spec.resize = flag(stated, "do_resize", true);
    const json& size = member(stated, "size");
    std::optional<std::pair<int, int>> result; // what the stated steps end with
    if (const auto shortest = wholeNumber(member(size, "shortest_edge"))) {
        spec.resize_short = *shortest;
    } else if (const auto exact = sizeFrom(size)) {
        spec.resize_exact = true;
        spec.resize_height = exact->first;
        spec.resize_width = exact->second;
        result = exact;
    }
    spec.crop_rule = CropRule::Transformers;
    spec.crop = flag(stated, "do_center_crop", false) || !spec.resize_exact;
    if (const auto crop = sizeFrom(member(stated, "crop_size")); crop && spec.crop) {
        result = crop;
    }
    if (result) {
        // Another input size than the stated one shows the same part of the picture.
        const double factor = std::max(
            double(spec.crop_height) / result->first, double(spec.crop_width) / result->second);
        const auto scaled = [factor](int side) {
            return static_cast<int>(std::max(1L, std::lround(side * factor)));
        };
        spec.resize_height = scaled(spec.resize_height);
        spec.resize_width = scaled(spec.resize_width);
        spec.resize_short = scaled(spec.resize_short);
        spec.crop = spec.crop || spec.resize_height != spec.crop_height ||
                    spec.resize_width != spec.crop_width;
    }
    spec.scale = 1.0;
    if (flag(stated, "do_rescale", true)) {
        const json& factor = member(stated, "rescale_factor");
        spec.scale = factor.is_number() ? factor.get<double>() : 1.0 / 255.0;
    }
    if (flag(stated, "do_normalize", true)) {
        spec.mean = triple(member(stated, "image_mean")).value_or(std::array{0.5f, 0.5f, 0.5f});
        spec.deviation = triple(member(stated, "image_std")).value_or(std::array{0.5f, 0.5f, 0.5f});
    } else {
        spec.mean = {0.0f, 0.0f, 0.0f};
        spec.deviation = {1.0f, 1.0f, 1.0f};
    }
}

} // namespace

std::optional<std::pair<int, int>> statedInputSize(const Checkpoint& checkpoint) {
    for (const json* value :
         {&member(checkpoint.config, "image_size"),
          &member(member(checkpoint.config, "pretrained_cfg"), "input_size"),
          &member(checkpoint.arguments, "input_size"), &member(checkpoint.arguments, "img_size")}) {
        if (const auto size = sizeFrom(*value)) {
            return size;
        }
    }
    return std::nullopt;
}

std::optional<int> statedFrames(const Checkpoint& checkpoint) {
    if (const auto frames = wholeNumber(member(checkpoint.config, "num_frames"))) {
        return frames;
    }
    const auto frames = wholeNumber(member(checkpoint.arguments, "num_frames"));
    const auto segments = wholeNumber(member(checkpoint.arguments, "num_segments"));
    return frames && segments && *segments <= (1 << 20) / *frames
               ? std::optional(*frames * *segments)
               : frames;
}

std::optional<int> statedHeads(const Checkpoint& checkpoint) {
    for (const char* key : {"num_attention_heads", "num_heads", "n_heads"}) {
        for (const json* source : {&checkpoint.config, &checkpoint.arguments}) {
            if (const auto heads = wholeNumber(member(*source, key))) {
                return heads;
            }
        }
    }
    return std::nullopt;
}

std::optional<std::pair<int, std::string>> headsOfModelName(const Checkpoint& checkpoint) {
    constexpr std::array<std::pair<std::string_view, int>, 6> kSizes = {
        {{"_tiny", 3},
         {"_small", 6},
         {"_base", 12},
         {"_large", 16},
         {"_huge", 16},
         {"_giant", 16}}};
    const std::string name = modelName(checkpoint);
    for (const auto& [size, heads] : kSizes) {
        if (name.find(size) != std::string::npos) {
            return std::pair(heads, name);
        }
    }
    return std::nullopt;
}

StatedLlm statedLlm(const Checkpoint& checkpoint) {
    StatedLlm stated;
    const json& block = member(checkpoint.config, "llm_block");
    for (const LlmBlock known : {LlmBlock::Llama, LlmBlock::Mlp, LlmBlock::Identity}) {
        if (block.is_string() && block.get<std::string>() == name(known)) {
            stated.block = known;
        }
    }
    const json& position = member(checkpoint.config, "llm_position");
    stated.after = position == 0 ? std::optional(0) : wholeNumber(position);
    stated.heads = wholeNumber(member(checkpoint.config, "llm_num_attention_heads"));
    return stated;
}

StatedGrouping statedGrouping(const Checkpoint& checkpoint) {
    const auto stated = [&checkpoint](const char* key) -> std::optional<int> {
        for (const json* source : {&checkpoint.config, &checkpoint.arguments}) {
            for (const json* level : {source, &member(*source, "model")}) {
                if (const auto value = wholeNumber(member(*level, key))) {
                    return value;
                }
            }
        }
        return std::nullopt;
    };
    return {
        .groups = stated("num_group"),
        .group_size = stated("group_size"),
        .points = stated("npoints")};
}

std::optional<double> statedEps(const Checkpoint& checkpoint) {
    const json& eps = member(checkpoint.config, "layer_norm_eps");
    if (eps.is_number() && eps.get<double>() > 0.0 && eps.get<double>() < 1.0) {
        return eps.get<double>();
    }
    return std::nullopt;
}

Activation statedActivation(const Checkpoint& checkpoint) {
    const json& stated = member(checkpoint.config, "hidden_act");
    if (!stated.is_string() || stated == "gelu") {
        return Activation::Gelu;
    }
    if (stated == "gelu_new" || stated == "gelu_pytorch_tanh" || stated == "gelu_fast") {
        return Activation::GeluTanh;
    }
    if (stated == "quick_gelu") {
        return Activation::QuickGelu;
    }
    if (stated == "relu") {
        return Activation::Relu;
    }
    throw Error(
        ErrorCode::Model,
        "unknown activation '" + stated.get<std::string>() +
            "', expected gelu, gelu_new, quick_gelu or relu: " + checkpoint.path.string());
}

std::vector<std::string> statedClassNames(const Checkpoint& checkpoint, int classes) {
    const json& labels = member(checkpoint.config, "id2label");
    std::vector<std::string> names;
    for (int i = 0; i < classes && labels.is_object(); ++i) {
        const json& label = member(labels, std::to_string(i).c_str());
        if (!label.is_string()) {
            return {};
        }
        names.push_back(label.get<std::string>());
    }
    return names;
}

PreprocessSpec statedPreprocess(const Checkpoint& checkpoint, int channels, int height, int width) {
    PreprocessSpec spec;
    spec.channels = channels;
    spec.crop_height = height;
    spec.crop_width = width;
    spec.resize_short = std::min(height, width) * 256 / 224;
    if (channels == 1) {
        // Digits fill their frame: a margin must not be cut off. Mean and deviation are MNIST's.
        spec.resize_exact = true;
        spec.resize_height = height;
        spec.resize_width = width;
        spec.mean.fill(0.1307f);
        spec.deviation.fill(0.3081f);
        spec.source = "MNIST defaults (one channel)";
    }
    return statedPreprocess(checkpoint, std::move(spec));
}

PreprocessSpec statedPreprocess(const Checkpoint& checkpoint, PreprocessSpec usual) {
    applyTimm(checkpoint.config, usual);
    applyHuggingFace(checkpoint.preprocessor, usual);
    return usual;
}

} // namespace vitreous
