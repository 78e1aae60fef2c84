#pragma once

#include <new>
#include <stdexcept>
#include <string>

#include <c10/util/Exception.h>

#include "core/base/error.h"

namespace vitreous {

/// Runs work and turns LibTorch's exceptions into ours: Error{Resource} where the memory does not
/// suffice, else Error{Model}. what: what failed, for the message; path: its last part.
template <typename Work>
auto guarded(const std::string& what, const std::string& path, Work work) {
    const auto isMemory = [](const std::string& message) {
        return message.find("out of memory") != std::string::npos ||
               message.find("allocate memory") != std::string::npos;
    };
    try {
        return work();
    } catch (const Error&) {
        throw;
    } catch (const c10::Error& error) {
        const std::string message = error.what_without_backtrace();
        if (isMemory(message)) {
            throw Error(ErrorCode::Resource, what + ": the memory does not suffice: " + path);
        }
        throw Error(
            ErrorCode::Model, what + ": " + message.substr(0, message.find('\n')) + ": " + path);
    } catch (const std::bad_alloc&) {
        throw Error(ErrorCode::Resource, what + ": the memory does not suffice: " + path);
    } catch (const std::runtime_error& error) {
        // A number that is too large for a float.
        const std::string message = error.what();
        throw Error(
            ErrorCode::Model, what + ": " + message.substr(0, message.find('\n')) + ": " + path);
    }
}

} // namespace vitreous
