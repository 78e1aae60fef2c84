#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/nn/name_map.h"

namespace vitreous {

/// Throws Error{Model}: what is wrong with a checkpoint, the path last.
[[noreturn]] void refuseModel(const std::filesystem::path& path, const std::string& what);

/// The shape of a tensor that has to be there with that many dimensions, each 1..2^24. path: for
/// messages. Throws Error{Model}, path last.
std::vector<std::int64_t> shapeOf(
    const std::filesystem::path& path,
    const NameMapping& mapping,
    const std::string& name,
    std::size_t dimensions);

} // namespace vitreous
