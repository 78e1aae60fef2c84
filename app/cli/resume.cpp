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
    const auto stored = nlohmann::json::parse(file, /*cb=*/nullptr, /*allow_exceptions=*/false);
    return stored.is_object() && stored.value("request", nlohmann::json()) == request;
}

} // namespace vitreous::cli
