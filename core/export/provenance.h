#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/analysis/model.h"

namespace vitreous {

/// Where a file or directory is and what is in it: `path` (absolute) and `sha256`.
/// Throws Error{Input} where it cannot be read; Error{Interrupted}.
nlohmann::json fileProvenance(const std::filesystem::path& path, const Task& task = {});

/// What results of one model share, whatever its inputs: program and its version, date, checkpoint,
/// model summary and argument, preprocessing, device, precision. Throws as fileProvenance.
nlohmann::json modelProvenance(const Model& model, const ModelSpec& spec, const Task& task = {});

/// A word as a POSIX shell takes it.
std::string shellWord(const std::string& word);
/// The model argument as a shell takes it from anywhere: paths absolute, under that label.
std::string shellArgument(const ModelSpec& spec, const std::string& label);

/// All that is needed to make an export again: program version, SHA-256 of checkpoint and input,
/// model summary, taps and maps, switches, preprocessing, device, precision, date, and the one
/// command. Throws Error{Input} where a file cannot be read; Error{Interrupted}.
nlohmann::json provenance(
    const Model& model,
    const ModelSpec& spec,
    const std::filesystem::path& input,
    const AnalysisOptions& options,
    const AnalysisResult& result,
    const Task& task = {});

/// What the files of an input and a model are called, without the extension: `<input>.<label>`,
/// where input is the stem of its path or another name.
std::string resultName(const std::string& input, const std::string& label);

/// Writes `directory/<input stem>.<model label>.npz` and the `.json` beside it (cli.md), each whole
/// or not at all. Returns the path of the `.npz`. Throws Error{Resource}.
std::filesystem::path writeResult(
    const std::filesystem::path& directory,
    const std::filesystem::path& input,
    const AnalysisResult& result,
    const nlohmann::json& provenance);

/// The same under a name of resultName's.
std::filesystem::path writeResultAs(
    const std::filesystem::path& directory,
    const std::string& name,
    const AnalysisResult& result,
    const nlohmann::json& provenance,
    const Task& task = {});

} // namespace vitreous
