#include "core/base/numeric_environment.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include <dlfcn.h>
#include <unistd.h>

namespace vitreous {
namespace {

constexpr const char* core_variable = "OPENBLAS_CORETYPE";

VectorUnits unitsHere() {
    VectorUnits units;
#if defined(__x86_64__)
    units.has_avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
    units.has_avx512 =
        __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
        __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0;
#endif
    return units;
}

/// The core that OpenBLAS has chosen; empty where another library multiplies.
std::string_view openBlasCore() {
    using CoreName = const char* (*)();
    const auto name = reinterpret_cast<CoreName>(dlsym(RTLD_DEFAULT, "openblas_get_corename"));
    const char* core = name != nullptr ? name() : nullptr;
    return core != nullptr ? core : std::string_view();
}

/// True where the variable was not set.
bool setWhereUnset(const char* variable, const std::string& value) {
    return std::getenv(variable) == nullptr && setenv(variable, value.c_str(), 1) == 0;
}

} // namespace

std::string_view betterOpenBlasCore(std::string_view chosen, const VectorUnits& units) {
    // Those that have SSE alone.
    constexpr std::array<std::string_view, 5> old = {
        "Prescott", "Core2", "Nehalem", "Katmai", "Generic"};
    if (std::find(old.begin(), old.end(), chosen) == old.end()) {
        return {};
    }
    return units.has_avx512 ? "SkylakeX" : units.has_avx2 ? "Haswell" : "";
}

void prepareNumericEnvironment(char** argv) {
    bool is_changed = setWhereUnset("GOMP_SPINCOUNT", "1000");
    const std::string_view core = betterOpenBlasCore(openBlasCore(), unitsHere());
    if (!core.empty()) {
        is_changed = setWhereUnset(core_variable, std::string(core)) || is_changed;
    }
    if (is_changed) {
        execv("/proc/self/exe", argv);
    }
}

} // namespace vitreous
