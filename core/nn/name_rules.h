#pragma once

#include <span>
#include <string_view>

#include "core/nn/name_map.h"

namespace vitreous {

/// A naming rule: `#` stands for a number, a final `*` for "weight" or "bias". part counts from 0
/// where the canonical tensor is made of three.
struct NameRule {
    std::string_view rules; ///< the set it belongs to; "a" also serves a family that uses "a/b"
    std::string_view from;
    std::string_view to; ///< empty: known, not needed for inference
    int part = -1;
};

/// The one table of families; the first whose sign is found wins.
std::span<const Family> families();
/// The one table of names.
std::span<const NameRule> nameRules();
/// What training frameworks put before the names.
std::span<const std::string_view> namePrefixes();

} // namespace vitreous
