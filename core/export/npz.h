#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/array.h"
#include "core/base/task.h"

namespace vitreous {

/// Writes float32 arrays as a `.npz` that `numpy.load` reads (names may hold '/'), whole or not at
/// all: aside first, then renamed. Throws Error{Resource}, path last (disk full, no permission);
/// Error{Interrupted}.
void writeNpz(
    const std::filesystem::path& path,
    const std::vector<std::pair<std::string, const Array*>>& arrays,
    const Task& task = {});

/// An array whose values are handed over while they are written.
struct NpzStream {
    std::string name;
    std::vector<std::int64_t> shape;
    /// Fills `to` with the values from that one on, row-major. Throws Error.
    std::function<void(std::span<float> to, std::int64_t first)> read;
};

/// As writeNpz, for arrays that are not to be in memory: holds a mebibyte of one at a time.
void writeNpz(
    const std::filesystem::path& path,
    const std::vector<NpzStream>& arrays,
    const Task& task = {});

/// Reads every array of a `.npz` (dtypes as parseNpy), in file order.
/// Throws Error{Input}, path last.
std::vector<std::pair<std::string, Array>> readNpz(const std::filesystem::path& path);

} // namespace vitreous
