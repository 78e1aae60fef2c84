#pragma once

#include <stop_token>
#include <vector>

#include "app/cli/arguments.h"
#include "app/cli/console.h"

namespace vitreous::cli {

/// The middle value, or the mean of the two middle ones. values: not empty.
double median(std::vector<double> values);

/// Times every model in turns, after a warm-up: forward passes alone, with all maps of all taps,
/// and with queries and keys kept too; and the attention of one token from these. Prints the
/// medians in milliseconds and the ratio of each kind of pass to the one before. Returns 0. Throws
/// Error as loadModel; Error{Usage} where neither models nor the sample pair are there.
int runBench(const BenchArguments& arguments, Console& console, const std::stop_token& stop);

} // namespace vitreous::cli
