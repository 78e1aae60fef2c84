#pragma once

#include <stop_token>

namespace vitreous::cli {

/// Turns the first SIGINT or SIGTERM into a stop request; a second one ends the process at once
/// with status 130. Call it before any other thread is started: their signal mask has to hold too.
std::stop_token stopOnInterrupt();

} // namespace vitreous::cli
