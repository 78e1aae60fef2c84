#pragma once

#include <stdexcept>
#include <string>

namespace vitreous {

/// What kind of failure an Error reports. The values are the exit statuses of `vitreous-cli`.
enum class ErrorCode {
    Usage = 2,        ///< the request itself is wrong
    Model = 3,        ///< a checkpoint cannot be used
    Input = 4,        ///< an input cannot be read
    Resource = 5,     ///< the device, the memory or the disk does not suffice
    Interrupted = 130 ///< the user stopped the work
};

/// The one exception type of the core. The message is one line: what happened, what was expected,
/// the path last.
class Error : public std::runtime_error {
public:
    Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}

    [[nodiscard]] ErrorCode code() const noexcept { return code_; }

private:
    ErrorCode code_;
};

} // namespace vitreous
