#include "app/cli/outputs.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>
#include <system_error>

#include <unistd.h>

#include "core/base/glob.h"
#include "core/export/provenance.h"

namespace vitreous::cli {
namespace {

namespace fs = std::filesystem;

std::string tapNames(const ModelSummary& summary) {
    std::string names;
    for (const Tap& tap : summary.taps) {
        names += (names.empty() ? "" : ", ") + tap.name;
    }
    return names;
}

bool matchesAnyTap(const std::string& glob, const ModelSummary& summary) {
    return std::any_of(summary.taps.begin(), summary.taps.end(), [&glob](const Tap& tap) {
        return matchesGlob(glob, tap.name);
    });
}

} // namespace

std::string outputName(const fs::path& input, const std::string& label) {
    return resultName(input.stem().string(), label);
}

void requireDistinctLabels(const std::vector<ModelSpec>& models) {
    for (std::size_t i = 0; i < models.size(); ++i) {
        for (std::size_t other = 0; other < i; ++other) {
            if (labelOf(models[i]) == labelOf(models[other])) {
                throw Error(
                    ErrorCode::Usage, "two models are called " + labelOf(models[i]) +
                                          ", expected distinct labels (PATH,label=NAME): " +
                                          models[other].path.string() + " and " +
                                          models[i].path.string());
            }
        }
    }
}

void requireDistinctOutputs(
    const std::vector<ModelSpec>& models,
    const std::vector<std::vector<fs::path>>& inputs) {
    struct Pair {
        const ModelSpec* model;
        const fs::path* input;
    };
    std::map<std::string, Pair> outputs;
    for (std::size_t i = 0; i < models.size(); ++i) {
        const ModelSpec& model = models[i];
        const std::string label = labelOf(model);
        if (label.find('/') != std::string::npos) {
            throw Error(
                ErrorCode::Usage, "label '" + label + "': expected no '/': " + model.path.string());
        }
        for (const fs::path& input : inputs[i]) {
            const std::string output = outputName(input, label) + ".npz";
            const auto [other, is_new] = outputs.insert({output, {&model, &input}});
            if (is_new) {
                continue;
            }
            const bool same_input = *other->second.input == input;
            throw Error(
                ErrorCode::Usage,
                "two " + std::string(same_input ? "models" : "inputs") +
                    " would both be written as " + output + ", expected " +
                    (same_input ? "distinct labels (PATH,label=NAME): "
                                : "distinct names, or runs with an --output each: ") +
                    (same_input ? other->second.model->path : *other->second.input).string() +
                    " and " + (same_input ? model.path : input).string());
        }
    }
}

std::string numberedName(std::size_t index, const std::string& extension) {
    const std::string digits = std::to_string(index);
    return std::string(5 - std::min<std::size_t>(5, digits.size()), '0') + digits + extension;
}

void requireNoOthers(
    const fs::path& directory,
    const Series& series,
    bool (*is_of_kind)(const fs::path&),
    const std::string& what) {
    std::set<std::string> names;
    for (std::size_t i = 0; i < series.count; ++i) {
        names.insert(numberedName(i, series.extension));
    }
    std::error_code problem;
    for (fs::directory_iterator entry(directory, problem);
         !problem && entry != fs::directory_iterator(); entry.increment(problem)) {
        const fs::path& path = entry->path();
        if (is_of_kind(path) && !names.contains(path.filename().string())) {
            throw Error(
                ErrorCode::Usage, "--output: other " + what +
                                      " are there, expected a new directory: " + path.string());
        }
    }
}

void prepareOutput(const fs::path& directory) {
    std::error_code problem;
    fs::create_directories(directory, problem);
    if (problem) {
        throw Error(
            ErrorCode::Resource, "cannot create the output directory (" + problem.message() +
                                     "): " + directory.string());
    }
    if (!fs::is_directory(directory, problem)) {
        throw Error(
            ErrorCode::Resource, "expected a directory for the output: " + directory.string());
    }
    if (access(directory.c_str(), W_OK | X_OK) != 0) {
        const std::string reason = std::generic_category().message(errno);
        throw Error(
            ErrorCode::Resource,
            "cannot write into the output directory (" + reason + "): " + directory.string());
    }
}

void requireMatchingTaps(const std::vector<ModelSummary>& models, const AnalysisOptions& options) {
    std::string available;
    for (const ModelSummary& model : models) {
        available += (available.empty() ? "" : "; ") + model.label + " has " + tapNames(model);
    }
    for (const std::string& glob : options.taps) {
        if (std::none_of(models.begin(), models.end(), [&glob](const ModelSummary& model) {
                return matchesAnyTap(glob, model);
            })) {
            throw Error(ErrorCode::Usage, "--taps: '" + glob + "' matches no tap, " + available);
        }
    }
    for (const ModelSummary& model : models) {
        if (std::none_of(options.taps.begin(), options.taps.end(), [&](const std::string& glob) {
                return matchesAnyTap(glob, model);
            })) {
            throw Error(
                ErrorCode::Usage, "--taps: nothing matches a tap of " + model.label + ", it has " +
                                      tapNames(model) + ": " + model.path.string());
        }
    }
}

} // namespace vitreous::cli
