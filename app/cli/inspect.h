#pragma once

#include <string>

#include "app/cli/arguments.h"
#include "app/cli/console.h"

namespace vitreous::cli {

/// The summary as aligned text for people, several lines, ending with a line break.
std::string describe(const ModelSummary& summary);

/// Describes every model that can be used and names the others. Returns the exit status: 0, or the
/// code of the first model that failed.
int runInspect(const InspectArguments& arguments, Console& console);

/// Hints at what of the models no file told and was guessed.
void hintAtGuesses(const std::vector<ModelSummary>& models, Console& console);

} // namespace vitreous::cli
