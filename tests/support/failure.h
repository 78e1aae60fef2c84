#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "core/base/error.h"

namespace vitreous::testing {

/// What a piece of work threw.
struct Failure {
    ErrorCode code{}; ///< none of the known ones where it threw nothing
    std::string message;
};

inline Failure failureOf(const std::function<void()>& work) {
    try {
        work();
    } catch (const Error& error) {
        return {error.code(), error.what()};
    }
    return {};
}

/// A file's bytes; empty where there is none.
inline std::string bytesOf(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace vitreous::testing
