#pragma once

#include <filesystem>
#include <vector>

#include "core/train/adamw.h"
#include "core/train/classifier.h"
#include "core/train/trainer.h"

namespace vitreous {

/// How far a run has come.
struct TrainingState {
    int epoch = 0;                 ///< the one at hand, from 0
    std::int64_t step = 0;         ///< in that epoch
    std::int64_t steps = 0;        ///< since the beginning
    Score score;                   ///< of the epoch so far
    std::vector<EpochReport> rows; ///< of the epochs that are done
};

/// What has to agree between the run that was saved and the one that goes on.
nlohmann::json identityOf(const TrainingRequest& request, const std::vector<std::string>& classes);

/// A short digest of the parameters that training leaves as they are.
std::string digestOf(const TrainingModel& model);

/// Writes parameters, moments and state, whole or not at all. Throws Error{Resource}.
void saveState(
    const std::filesystem::path& path,
    const TrainingModel& model,
    const AdamW& optimizer,
    const TrainingState& state,
    const nlohmann::json& identity);

/// Reads them back into the model and the optimizer. Throws Error{Model}, path last, for a file
/// that is no state of this model; Error{Usage} where the identity differs, naming what does.
TrainingState restoreState(
    const std::filesystem::path& path,
    TrainingModel& model,
    AdamW& optimizer,
    const nlohmann::json& identity);

/// log.csv: a header and a row an epoch.
std::string logText(const std::vector<EpochReport>& rows);

} // namespace vitreous
