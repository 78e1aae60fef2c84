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

/// A message as it stands alone: with a capital, unless it starts with a name (`blocks.3...`).
QString asSentence(const QString& message);

/// What was thrown, whatever it is.
Failure failureOf(const std::exception_ptr& thrown);

} // namespace vitreous
