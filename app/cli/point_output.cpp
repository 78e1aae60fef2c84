#include "app/cli/point_output.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/glob.h"
#include "core/export/provenance.h"

namespace vitreous::cli {
namespace {

/// The names of the maps that a model would compute.
std::vector<std::string> mapsOf(const ModelSummary& model, const AnalysisOptions& options) {
    std::vector<std::string> maps;
    for (const MapKind kind : options.maps) {
        for (const Tap& tap : kind == MapKind::ClsAttention ? model.blocks : model.taps) {
            if (std::any_of(options.taps.begin(), options.taps.end(), [&](const auto& glob) {
                    return matchesGlob(glob, tap.name);
                })) {
                maps.push_back(std::string(name(kind)) + "/" + tap.name);
            }
        }
    }
    return maps;
}

} // namespace

void requirePointFiles(
    const std::vector<ModelSummary>& models,
    const AnalysisOptions& options,
    const PointFileOptions& asked) {
    for (const ModelSummary& model : models) {
        if (asked.any() && !model.grouping) {
            throw Error(
                ErrorCode::Usage,
                std::string(asked.ply ? "--ply" : "--csv") + ": " + model.label +
                    " is a model of " + (model.frames > 0 ? "videos" : "pictures") +
                    ", expected models of point clouds alone: " + model.path.string());
        }
        const std::vector<std::string> maps = mapsOf(model, options);
        if (asked.ply && maps.empty()) {
            throw Error(
                ErrorCode::Usage, "--ply: no map of " + model.label +
                                      " to colour by, expected --maps and --taps that have one: " +
                                      model.path.string());
        }
        const std::string& wanted = asked.color_by;
        if (!wanted.empty() && std::find(maps.begin(), maps.end(), wanted) == maps.end()) {
            std::string names;
            for (const std::string& map : maps) {
                names += (names.empty() ? "" : ", ") + map;
            }
            throw Error(
                ErrorCode::Usage, "--color-by: '" + wanted + "' is none of the maps of " +
                                      model.label + ", expected one of " + names + ": " +
                                      model.path.string());
        }
    }
}

void addPointFiles(nlohmann::json& request, const PointFileOptions& asked) {
    if (asked.csv) {
        request["csv"] = true;
    }
    if (asked.ply) {
        request["ply"] = {
            {"color_by", asked.color_by},
            {"colormap", name(asked.colormap)},
            {"values", name(asked.values)}};
    }
}

std::vector<std::filesystem::path> writePointFiles(
    const PointOutput& output,
    const AnalysisResult& result,
    const PointFileOptions& asked,
    nlohmann::json& provenance,
    const Task& task) {
    std::vector<std::filesystem::path> written;
    nlohmann::json& switches = provenance["switches"];
    std::string command = provenance.value("command", std::string());
    const auto pathOf = [&output](const char* extension) {
        std::filesystem::path path = output.stem;
        return path += extension;
    };
    if (asked.csv) {
        written.push_back(pathOf(".csv"));
        writeCloudCsv(written.back(), result, task);
        switches["csv"] = true;
        command += " --csv";
    }
    if (asked.ply) {
        ColoredCloudOptions options{
            .color_by = asked.color_by.empty() ? defaultColoring(result) : asked.color_by,
            .values = asked.values,
            .colormap = asked.colormap,
            .input_sha256 = output.input_sha256};
        if (output.is_preprocessed) {
            options.sphere = UnitSphere();
        }
        written.push_back(pathOf(".ply"));
        writeColoredCloud(written.back(), *output.cloud, result, options, task);
        switches["ply"] = {
            {"color_by", options.color_by},
            {"colormap", name(options.colormap)},
            {"values", name(options.values)}};
        command += " --ply --color-by " + shellWord(options.color_by) + " --colormap " +
                   std::string(name(options.colormap)) + " --values " +
                   std::string(name(options.values));
    }
    provenance["command"] = command;
    return written;
}

} // namespace vitreous::cli
