#pragma once

#include <stop_token>

#include "app/cli/console.h"
#include "app/cli/evaluate_arguments.h"

namespace vitreous::cli {

/// Runs every model on every picture and compares maps with masks and logits with labels; writes
/// `evaluation.json` and `evaluation.csv` once all is done and prints a table. Pictures without a
/// mask or label, and those that cannot be used, are named and in no number. Returns 0, 1 where
/// some pictures failed, 4 where all did. Throws Error: wrong usage, a model that cannot be used,
/// labels that are damaged or unknown to a model, masks without any object, a device, memory or
/// disk that does not suffice, an interruption.
int runEvaluate(const EvaluateArguments& arguments, Console& console, const std::stop_token& stop);

} // namespace vitreous::cli
