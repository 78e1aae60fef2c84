#include "app/cli/resume.h"

#include <algorithm>
#include <fstream>
#include <system_error>

#include "core/export/sha256.h"

namespace vitreous::cli {

namespace fs = std::filesystem;

nlohmann::json requestOf(
    const ModelSpec& spec,
    const fs::path& input,
    const AnalysisOptions& options,
    const DeviceSpec& device,
    const Task& task) {
    // The path says where the bytes are, not what they are.
    ModelSpec settings = spec;
    settings.path = spec.path.filename();
    settings.llm = spec.llm.filename();
    std::vector<std::string> taps = options.taps;
    std::sort(taps.begin(), taps.end());
    nlohmann::json maps = nlohmann::json::array();
    for (const MapKind kind : options.maps) {
        maps.push_back(name(kind));
    }
    nlohmann::json request = {
        {"version", VITREOUS_VERSION},
        {"model", formatModelSpec(settings)},
        {"model_sha256", sha256OfFile(spec.path, task)},
        {"input_sha256", sha256OfFile(input, task)},
        {"taps", taps},
        {"maps", maps},
        {"features", options.features},
        {"device", device.device},
        {"precision", name(device.precision)},
    };
    if (options.frames_apart) {
        request["centring"] = "frame";
    }
    if (!spec.llm.empty()) {
        request["llm_sha256"] = sha256OfFile(spec.llm, task);
    }
    return request;
}

bool isWritten(
    const fs::path& directory,
    const std::string& output_name,
    const nlohmann::json& request) {
    std::error_code problem;
    if (!fs::is_regular_file(directory / (output_name + ".npz"), problem)) {
        return false;
    }
    std::ifstream file(directory / (output_name + ".json"));
    const auto facts = nlohmann::json::parse(file, /*cb=*/nullptr, /*allow_exceptions=*/false);
    nlohmann::json stored = facts.is_object() ? facts.value("request", nlohmann::json()) : nullptr;
    if (!stored.is_object()) {
        return false;
    }
    // Files beside the arrays that this run does not ask for are no reason to run again.
    nlohmann::json wanted = request;
    for (const std::string key : {"csv", "ply"}) {
        if (request.contains(key) &&
            (stored.value(key, nlohmann::json()) != request[key] ||
             !fs::is_regular_file(directory / (output_name + "." + key), problem))) {
            return false;
        }
        stored.erase(key);
        wanted.erase(key);
    }
    return stored == wanted;
}

} // namespace vitreous::cli
