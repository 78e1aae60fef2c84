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

/// Creates the directory where it is missing. Throws Error{Resource}, path last, where that fails
/// or nothing can be written into it.
void prepareOutput(const std::filesystem::path& directory);

/// Throws Error{Usage} naming the taps there are where a glob matches no tap of any model, or a
/// model has no tap that matches.
void requireMatchingTaps(const std::vector<ModelSummary>& models, const AnalysisOptions& options);

} // namespace vitreous::cli
