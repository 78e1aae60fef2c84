#pragma once

#include <vector>

#include "core/analysis/result.h"

namespace vitreous {

/// One list of taps that keeps every given list's order: shared names align, a name that only some
/// lists have follows its predecessor there, behind names of the predecessor's own stem
/// (`blocks.12` stays beside `blocks.11`, `llama_dim_mapper1` follows both). Lists that contradict
/// each other keep the first one's order. The label is the first list's that has the name.
std::vector<Tap> mergeTaps(const std::vector<std::vector<Tap>>& lists);

} // namespace vitreous
