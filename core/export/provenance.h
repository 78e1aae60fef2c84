#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/analysis/model.h"

namespace vitreous {

/// All that is needed to make an export again: program version, SHA-256 of checkpoint and input,
/// model summary, taps and maps, switches, preprocessing, device, precision, date, and the one
/// command. Throws Error{Input} where a file cannot be read.
nlohmann::json provenance(
    const Model& model,
    const ModelSpec& spec,
    const std::filesystem::path& input,
    const AnalysisOptions& options,
    const AnalysisResult& result);

/// Writes `directory/<input stem>.<model label>.npz` and the `.json` beside it (cli.md), each whole
/// or not at all. Returns the path of the `.npz`. Throws Error{Resource}.
std::filesystem::path writeResult(
    const std::filesystem::path& directory,
    const std::filesystem::path& input,
    const AnalysisResult& result,
    const nlohmann::json& provenance);

} // namespace vitreous
