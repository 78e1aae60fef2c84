#include "app/video/video_provenance.h"

#include <array>
#include <charconv>
#include <string>

#include "core/export/provenance.h"

namespace vitreous {
namespace {

/// As few digits as lead back to the number.
std::string text(double value) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    return {digits.data(), end};
}

std::string rangeText(const VideoLook& look) {
    return look.range == VideoRange::Joint   ? "joint"
           : look.range == VideoRange::Frame ? "frame"
           : look.range == VideoRange::Percentiles
               ? text(look.percentiles.low) + "%:" + text(look.percentiles.high) + "%"
               : text(look.fixed.low) + ":" + text(look.fixed.high);
}

std::string layoutText(PageLayout layout) {
    return layout == PageLayout::Map ? "map" : layout == PageLayout::Side ? "side" : "overlay";
}

std::string commandOf(const VideoOrder& order, const VideoJob& job) {
    std::string line = "vitreous-cli video --model";
    for (std::size_t i = 0; i < order.models.size(); ++i) {
        line += " " + shellArgument(order.models[i], job.models[i]->summary().label);
    }
    line +=
        " --input " + shellWord(std::filesystem::absolute(order.input).lexically_normal().string());
    line += " --output";
    for (const std::filesystem::path& output : order.outputs) {
        const auto plain = output.has_filename() ? output : output.parent_path();
        line += " " + shellWord(plain.filename().string());
    }
    const VideoLook& look = order.look;
    const VideoSampling& sampling = order.sampling;
    line += " --every " + std::to_string(sampling.every) + (sampling.windows ? " --windows" : "");
    line += order.frames_apart ? " --centring frame" : "";
    line += look.tap.empty() ? "" : " --tap " + shellWord(look.tap);
    line += order.has_map ? " --map " + std::string(name(look.map)) : "";
    line += look.head ? " --head " + std::to_string(look.head->value + 1) : "";
    line += " --layout " + layoutText(look.layout) + " --range " + rangeText(look);
    line += " --colormap " + std::string(name(look.colormap)) + " --opacity " + text(look.opacity);
    line += look.is_shared ? " --shared" : "";
    line += look.sampling == Sampling::Bilinear ? " --sampling bilinear" : "";
    line += look.threshold > 0.0 ? " --threshold " + text(look.threshold) : "";
    line += look.width > 0 ? " --width " + std::to_string(look.width) : "";
    line += look.rate ? " --fps " + text(*look.rate) : "";
    line += " --columns " + std::to_string(look.columns) + " --levels " + text(look.low_level) +
            "," + text(look.high_level);
    line += " --device " + job.models.front()->device() + " --precision " +
            std::string(name(order.device.precision));
    return line + " --batch " + std::to_string(sampling.batch);
}

nlohmann::json computedJson(const AnalysisOptions& options) {
    nlohmann::json maps = nlohmann::json::array();
    for (const MapKind kind : options.maps) {
        maps.push_back(name(kind));
    }
    return {{"taps", options.taps}, {"maps", maps}};
}

} // namespace

nlohmann::json videoProvenance(
    const VideoOrder& order,
    const VideoJob& job,
    const VideoReport& report,
    const Task& task) {
    nlohmann::json models = nlohmann::json::array();
    for (std::size_t i = 0; i < job.models.size(); ++i) {
        nlohmann::json facts = modelProvenance(*job.models[i], order.models[i], task);
        facts["computed"] = computedJson(report.computed[i]);
        facts["shown_tap"] = report.shown[i];
        models.push_back(std::move(facts));
    }
    nlohmann::json input = fileProvenance(order.input, task);
    const VideoInfo& info = report.outcome.info;
    input.update(
        {{"width", info.width},
         {"height", info.height},
         {"frames", info.frames},
         {"frames_per_second", info.frames_per_second},
         {"codec", info.codec},
         {"loss", report.outcome.loss}});
    const VideoLook& look = order.look;
    const nlohmann::json pages = {
        {"map", name(look.map)},
        {"head", look.head ? nlohmann::json(look.head->value + 1) : nlohmann::json("mean")},
        {"layout", layoutText(look.layout)},
        {"range", rangeText(look)},
        {"shared", look.is_shared},
        {"sampling", look.sampling == Sampling::Bilinear ? "bilinear" : "nearest"},
        {"threshold", look.threshold},
        {"colormap", name(look.colormap)},
        {"opacity", look.opacity},
        {"frames_per_second", report.frames_per_second},
        {"film_columns", look.columns},
        {"levels", {look.low_level, look.high_level}}};
    return {
        {"program", models.front().at("program")},
        {"version", models.front().at("version")},
        {"date", models.front().at("date")},
        {"models", models},
        {"input", input},
        {"sampling",
         {{"every", order.sampling.every},
          {"windows", order.sampling.windows},
          {"batch", order.sampling.batch},
          {"frames", report.outcome.frames}}},
        {"switches",
         {{"centring", order.frames_apart ? "each frame" : "all tokens"},
          {"llm_sublayers", "before the residual"},
          {"llm_output", "before llama.norm"}}},
        {"pages", pages},
        {"command", commandOf(order, job)}};
}

} // namespace vitreous
