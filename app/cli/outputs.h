#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/analysis/model.h"

namespace vitreous::cli {

/// What writeResult names the files of an input and a model, without the extension.
std::string outputName(const std::filesystem::path& input, const std::string& label);

/// inputs: of each model. Throws Error{Usage} where two pairs of input and model would be written
/// to one file, or a label holds a '/'.
void requireDistinctOutputs(
    const std::vector<ModelSpec>& models,
    const std::vector<std::vector<std::filesystem::path>>& inputs);

/// Throws Error{Usage} where two models have one label.
void requireDistinctLabels(const std::vector<ModelSpec>& models);

/// Creates the directory where it is missing. Throws Error{Resource}, path last, where that fails
/// or nothing can be written into it.
void prepareOutput(const std::filesystem::path& directory);

/// "00042.png": the name of a file in a series.
std::string numberedName(std::size_t index, const std::string& extension);

/// Files by those names, from 0 on.
struct Series {
    std::string extension;
    std::size_t count = 0;
};

/// Throws Error{Usage} where the directory holds another file of the kind: what a run with other
/// options left would stay among those of the series. what: "pictures".
void requireNoOthers(
    const std::filesystem::path& directory,
    const Series& series,
    bool (*is_of_kind)(const std::filesystem::path&),
    const std::string& what);

/// Throws Error{Usage} naming the taps there are where a glob matches no tap of any model, or a
/// model has no tap that matches.
void requireMatchingTaps(const std::vector<ModelSummary>& models, const AnalysisOptions& options);

} // namespace vitreous::cli
