#pragma once

#include <stop_token>

#include "app/cli/console.h"
#include "app/cli/train_lm_arguments.h"

namespace vitreous::cli {

/// Trains; prints the held-out loss beside those of a unigram and a bigram model, and where the
/// model is. Throws as trainLanguageModel does.
int runTrainLm(const TrainLmArguments& arguments, Console& console, const std::stop_token& stop);

} // namespace vitreous::cli
