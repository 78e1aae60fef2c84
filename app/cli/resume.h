#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

#include "core/analysis/model.h"
#include "core/base/task.h"

namespace vitreous::cli {

/// What decides the numbers of one result: the model argument, the bytes of checkpoint, LLM source
/// and input, the options, the precision and the program's version. Stored as `request` in the
/// provenance, so that a later run knows its own. Throws Error{Input} where a file cannot be read,
/// Error{Interrupted}.
nlohmann::json requestOf(
    const ModelSpec& spec,
    const std::filesystem::path& input,
    const AnalysisOptions& options,
    const DeviceSpec& device,
    const Task& task);

/// True where all files of a result that the request asks for exist and their provenance holds
/// exactly this request.
bool isWritten(
    const std::filesystem::path& directory,
    const std::string& output_name,
    const nlohmann::json& request);

} // namespace vitreous::cli
