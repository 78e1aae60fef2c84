#pragma once

#include <stop_token>
#include <vector>

#include "app/cli/arguments.h"
#include "app/cli/console.h"

namespace vitreous::cli {

/// The middle value, or the mean of the two middle ones. values: not empty.
double median(std::vector<double> values);

/// Times every model: forward passes alone and with all maps of all taps in turns, after a warm-up,
/// and prints the medians in milliseconds and their ratio. Returns 0. Throws Error as loadModel;
/// Error{Usage} where neither models nor the sample pair are there.
int runBench(const BenchArguments& arguments, Console& console, const std::stop_token& stop);

} // namespace vitreous::cli
