#include "core/export/provenance.h"

#include <algorithm>
#include <chrono>
#include <ctime>

#include "core/base/file_output.h"
#include "core/export/npz.h"
#include "core/export/sha256.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;

std::string now() {
    const std::time_t time = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::tm utc{};
    gmtime_r(&time, &utc);
    std::string text(32, '\0');
    text.resize(std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &utc));
    return text;
}

std::string mapNames(const AnalysisOptions& options) {
    std::string names;
    for (const MapKind kind : options.maps) {
        names += (names.empty() ? "" : ",") + std::string(name(kind));
    }
    return names;
}

/// The spec with absolute paths, so that the command works from anywhere. The label is said only
/// where the path does not say it: one with a comma could not be read again.
ModelSpec absoluteSpec(const ModelSpec& spec, const std::string& label) {
    ModelSpec absolute = spec;
    absolute.path = fs::absolute(spec.path).lexically_normal();
    if (!spec.llm.empty()) {
        absolute.llm = fs::absolute(spec.llm).lexically_normal();
    }
    absolute.label.clear();
    if (labelOf(absolute) != label) {
        absolute.label = label;
    }
    return absolute;
}

std::string command(
    const Model& model,
    const ModelSpec& spec,
    const fs::path& input,
    const AnalysisOptions& options) {
    std::string text = "vitreous-cli analyze --model " + shellArgument(spec, model.summary().label);
    text +=
        " --input " + shellWord(fs::absolute(input).lexically_normal().string()) + " --output out";
    text += " --device " + model.device() + " --precision " + std::string(name(model.precision()));
    text += " --maps " + mapNames(options) + " --taps";
    for (const std::string& glob : options.taps) {
        text += " " + shellWord(glob);
    }
    if (options.frames_apart && model.summary().frames > 0) {
        text += " --centring frame";
    }
    return text + (options.features ? " --features" : "");
}

} // namespace

std::string shellWord(const std::string& word) {
    constexpr std::string_view kPlain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,/:@%";
    if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) {
        return word;
    }
    std::string text = "'";
    for (const char c : word) {
        text += c == '\'' ? "'\\''" : std::string(1, c);
    }
    return text + "'";
}

std::string shellArgument(const ModelSpec& spec, const std::string& label) {
    return shellWord(formatModelSpec(absoluteSpec(spec, label)));
}

nlohmann::json fileProvenance(const fs::path& path, const Task& task) {
    return {
        {"path", fs::absolute(path).lexically_normal().string()},
        {"sha256", sha256OfFile(path, task)}};
}

nlohmann::json modelProvenance(const Model& model, const ModelSpec& spec, const Task& task) {
    nlohmann::json summary = toJson(model.summary());
    const nlohmann::json preprocessing = summary["preprocess"];
    nlohmann::json checkpoint = fileProvenance(spec.path, task);
    if (!spec.llm.empty()) {
        checkpoint["llm"] = fileProvenance(spec.llm, task);
    }
    return {
        {"program", "Vitreous"},
        {"version", VITREOUS_VERSION},
        {"date", now()},
        {"checkpoint", checkpoint},
        {"model", summary},
        {"model_argument", formatModelSpec(spec)},
        {"preprocessing", preprocessing},
        {"device", model.device()},
        {"precision", name(model.precision())},
    };
}

nlohmann::json provenance(
    const Model& model,
    const ModelSpec& spec,
    const fs::path& input,
    const AnalysisOptions& options,
    const AnalysisResult& result,
    const Task& task) {
    nlohmann::json taps = nlohmann::json::array();
    for (const Tap& tap : result.taps) {
        taps.push_back(tap.name);
    }
    nlohmann::json maps = nlohmann::json::array();
    for (const MapKind kind : options.maps) {
        maps.push_back(name(kind));
    }
    nlohmann::json facts = modelProvenance(model, spec, task);
    facts.update({
        {"input", fileProvenance(input, task)},
        {"taps", taps},
        {"maps", maps},
        {"switches",
         {{"centring", result.times == 0      ? "all tokens"
                       : options.frames_apart ? "each time step"
                                              : "all frames jointly"},
          {"llm_sublayers", "before the residual"},
          {"llm_output", "before llama.norm"},
          {"query", result.mean_query ? "mean query" : "CLS"},
          {"features", options.features}}},
        {"forward_ms", result.forward_ms},
        {"command", command(model, spec, input, options)},
    });
    return facts;
}

std::string resultName(const std::string& input, const std::string& label) {
    std::string name = input + "." + label;
    // No path separators, no control characters.
    std::replace_if(
        name.begin(), name.end(), [](unsigned char c) { return c == '/' || c < 0x20 || c == 0x7f; },
        '_');
    return name;
}

fs::path writeResult(
    const fs::path& directory,
    const fs::path& input,
    const AnalysisResult& result,
    const nlohmann::json& provenance) {
    return writeResultAs(
        directory, resultName(input.stem().string(), result.model_label), result, provenance);
}

fs::path writeResultAs(
    const fs::path& directory,
    const std::string& name,
    const AnalysisResult& result,
    const nlohmann::json& provenance,
    const Task& task) {
    std::error_code problem;
    fs::create_directories(directory, problem);
    if (!fs::is_directory(directory, problem)) {
        throw Error(ErrorCode::Resource, "cannot be made a directory: " + directory.string());
    }
    std::vector<std::pair<std::string, const Array*>> arrays;
    const auto add = [&arrays](const std::string& group, const std::map<std::string, Array>& maps) {
        for (const auto& [tap, map] : maps) {
            arrays.emplace_back(group + "/" + tap, &map);
        }
    };
    add("magnitude", result.magnitude);
    add("frequency", result.frequency);
    add("cls_attention", result.cls_attention);
    add("features", result.features);
    if (!result.logits.shape.empty()) {
        arrays.emplace_back("logits", &result.logits);
    }
    arrays.emplace_back("input", &result.input);
    if (!result.centers.shape.empty()) {
        arrays.emplace_back("centers", &result.centers);
        arrays.emplace_back("groups", &result.groups);
    }
    fs::path npz = directory / (name + ".npz");
    const fs::path json = directory / (name + ".json");
    // Both wait aside until both are whole.
    FileAside provenance_file(json);
    writeFileWhole(
        provenance_file.path(),
        provenance.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    writeNpz(npz, arrays, task);
    provenance_file.commit();
    return npz;
}

} // namespace vitreous
