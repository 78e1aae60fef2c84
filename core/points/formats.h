#pragma once

#include "core/points/byte_source.h"
#include "core/points/cloud_builder.h"

namespace vitreous {

// Each reads one format from the start of the file into the builder; errors as of readPointCloud.

void readPly(ByteSource& source, CloudBuilder& builder);
void readPcd(ByteSource& source, CloudBuilder& builder);
void readRows(ByteSource& source, CloudBuilder& builder);
void readNpyPoints(ByteSource& source, CloudBuilder& builder);
void readOff(ByteSource& source, CloudBuilder& builder);
void readH5Points(ByteSource& source, CloudBuilder& builder);

/// Refuses a count of things that would need more bytes than are left. least: bytes that each
/// takes at the least, above 0. what: "points", ...
void checkPromise(
    const ByteSource& source,
    std::uint64_t count,
    std::uint64_t least,
    const std::string& what);

/// "truncated: ends at point 3 of 8", with 3 points read.
[[noreturn]] void refuseTruncated(
    const ByteSource& source,
    std::uint64_t read,
    std::uint64_t expected,
    const std::string& what);

} // namespace vitreous
