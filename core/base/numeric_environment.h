#pragma once

#include <string_view>

namespace vitreous {

/// What the processor can multiply with.
struct VectorUnits {
    bool has_avx2 = false;   ///< with FMA
    bool has_avx512 = false; ///< F, BW, DQ and VL
};

/// The OPENBLAS_CORETYPE for a processor that OpenBLAS does not know by its number and takes for an
/// old one: matrices then take five times as long. chosen: the core that it took. Empty: that one
/// is right.
std::string_view betterOpenBlasCore(std::string_view chosen, const VectorUnits& units);

/// For the first line of main: GNU OpenMP and OpenBLAS read their environment when they are loaded.
/// Where it does not say what makes them fast, the process starts itself again with it. Threads of
/// OpenMP that spin take ten times as long on a busy machine.
void prepareNumericEnvironment(char** argv);

} // namespace vitreous
