#include "core/analysis/model.h"
#include "core/analysis/model_file.h"

namespace vitreous {
namespace {

std::string_view nameOf(Filter filter) {
    switch (filter) {
    case Filter::Nearest:
        return "nearest";
    case Filter::Bilinear:
        return "bilinear";
    case Filter::Bicubic:
        return "bicubic";
    case Filter::Lanczos:
        return "lanczos";
    }
    return {};
}

nlohmann::json toJson(const PreprocessSpec& spec) {
    nlohmann::json json = {
        {"channels", spec.channels},     {"crop", spec.crop},     {"crop_height", spec.crop_height},
        {"crop_width", spec.crop_width}, {"resize", spec.resize}, {"filter", nameOf(spec.filter)},
        {"scale", spec.scale},           {"mean", spec.mean},     {"std", spec.deviation},
        {"source", spec.source},
    };
    if (spec.resize_exact) {
        json["resize_to"] = {spec.resize_height, spec.resize_width};
    } else {
        json["resize_short_side"] = spec.resize_short;
    }
    return json;
}

std::vector<std::string> namesOf(const std::vector<Tap>& taps) {
    std::vector<std::string> names;
    names.reserve(taps.size());
    for (const Tap& tap : taps) {
        names.push_back(tap.name);
    }
    return names;
}

} // namespace

std::string_view name(MapKind kind) {
    switch (kind) {
    case MapKind::Magnitude:
        return "magnitude";
    case MapKind::Frequency:
        return "frequency";
    case MapKind::ClsAttention:
        return "cls_attention";
    }
    return {};
}

std::string_view name(Precision precision) {
    switch (precision) {
    case Precision::Float32:
        return "fp32";
    case Precision::BFloat16:
        return "bf16";
    case Precision::Float16:
        return "fp16";
    }
    return {};
}

ModelSummary inspectModel(const ModelSpec& spec) {
    return summarise(openModelFile(spec), spec);
}

void requireImageModel(const ModelSummary& summary) {
    if (summary.grouping || summary.frames > 0) {
        throw Error(
            ErrorCode::Model, "this is a " + summary.family + " model of " +
                                  (summary.grouping ? "point clouds" : "videos") +
                                  ", expected one of images: " + summary.path.string());
    }
}

nlohmann::json toJson(const ModelSummary& summary) {
    nlohmann::json json = {
        {"label", summary.label},
        {"path", summary.path.string()},
        {"family", summary.family},
        {"container", summary.container},
        {"state_key", summary.state_key},
        {"state_keys", summary.state_keys},
        {"file_bytes", summary.file_bytes},
        {"parameters", summary.parameters},
        {"depth", summary.depth},
        {"width", summary.width},
        {"heads", summary.heads},
        {"patch", summary.patch},
        {"input", {summary.channels, summary.input_height, summary.input_width}},
        {"grid", {summary.rows, summary.columns}},
        {"cls_token", summary.has_cls},
        {"registers", summary.registers},
        {"classes", summary.classes},
        {"layer_norm_eps", summary.layer_norm_eps},
        {"taps", namesOf(summary.taps)},
        {"attention", namesOf(summary.blocks)},
        {"guessed", summary.guessed},
        {"preprocess", toJson(summary.preprocess)},
        {"memory_bytes", summary.memory_bytes},
    };
    if (summary.frames > 0) {
        json["frames"] = summary.frames;
        json["tubelet"] = summary.tubelet;
        json["input"] = {
            summary.channels, summary.frames, summary.input_height, summary.input_width};
        json["grid"] = {summary.times, summary.rows, summary.columns};
        json["preprocess"]["frames"] = summary.frames;
        json["preprocess"]["sampling"] = "evenly spaced frames";
    }
    if (summary.grouping) {
        const PointGrouping& grouping = *summary.grouping;
        for (const char* key : {"patch", "grid"}) {
            json.erase(key);
        }
        json["input"] = {grouping.points, 3};
        json["groups"] = grouping.groups;
        json["group_size"] = grouping.group_size;
        json["preprocess"] = {
            {"centre", "centroid"},
            {"scale", "unit sphere"},
            {"sampling", "farthest points, from row 0, squared norms above 0.001"},
            {"points", grouping.points}};
    }
    if (!summary.llm_block.empty()) {
        json["llm"] = {
            {"block", summary.llm_block},
            {"after", summary.llm_after},
            {"layers", summary.llm_layers},
            {"width", summary.llm_width},
            {"heads", summary.llm_heads}};
    }
    if (!summary.class_names.empty()) {
        json["class_names"] = summary.class_names;
        json["class_names_source"] = summary.class_names_source;
    }
    return json;
}

} // namespace vitreous
