#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace vitreous {

/// What HDF5 does to a chunk of values before it is stored.
enum class ChunkFilter {
    Shuffle, ///< the first bytes of all values, then all second ones, ...
    Deflate  ///< zlib's format
};

/// Undoes the filters, the last first. value_bytes: of one value; size: bytes that are expected.
/// False where the bytes are damaged or another number of them comes out.
bool undoFilters(
    std::string& bytes,
    const std::vector<ChunkFilter>& filters,
    std::size_t value_bytes,
    std::size_t size);

} // namespace vitreous
