#pragma once

#include <exception>

#include <QString>

#include "core/base/error.h"

namespace vitreous {

/// Why a piece of work did not succeed, for people.
struct Failure {
    ErrorCode code = ErrorCode::Usage;
    QString message;

    friend bool operator==(const Failure&, const Failure&) = default;
};

/// What was thrown, whatever it is.
Failure failureOf(const std::exception_ptr& thrown);

} // namespace vitreous
