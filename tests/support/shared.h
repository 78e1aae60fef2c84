#pragma once

#include <filesystem>

/// Ends a test function as skipped where the reference data beside the checkout is not there.
#define VITREOUS_NEEDS_SHARED()                                                                    \
    if (!std::filesystem::exists(VITREOUS_SHARED "/golden")) {                                     \
        QSKIP("no ../shared beside this checkout");                                                \
    }
