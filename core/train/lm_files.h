#pragma once

#include <cmath>
#include <vector>

#include "core/train/language_model.h"
#include "core/train/lm_trainer.h"

namespace vitreous {

/// One step, a row of log.csv. Losses are means in nats a byte.
struct LanguageModelStep {
    double learning_rate = 0.0;
    double loss = 0.0;     ///< on the batch, before the update
    double held_out = NAN; ///< after the update; no number where it was not measured
};

/// Makes the directory where it is missing. Throws Error{Resource}, path last.
void makeOutput(const std::filesystem::path& directory);

/// Writes `model.safetensors`, `model.pth` and `log.csv` into request.output, each whole or not at
/// all. rows: of all steps so far, at least one; report: what is known by now.
/// Throws Error{Resource}, path last; the file that was there stays.
void writeLanguageModel(
    const LanguageModelRequest& request,
    const LanguageModelConfig& config,
    const Parameters& parameters,
    const LanguageModelReport& report,
    const std::vector<LanguageModelStep>& rows);

} // namespace vitreous
