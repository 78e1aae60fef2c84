#pragma once

#include <functional>
#include <stop_token>
#include <string>

#include "core/base/error.h"

namespace vitreous {

/// How far a piece of work has come.
struct Progress {
    double fraction = 0.0; ///< 0..1
    std::string stage;     ///< what is being done, for people
};

/// What long work needs from its caller: a way to be stopped and a way to say how far it is.
/// The default does neither.
struct Task {
    std::stop_token stop;
    std::function<void(const Progress&)> progress;

    /// Throws Error{Interrupted} once a stop was asked for.
    void checkStop() const {
        if (stop.stop_requested()) {
            throw Error(ErrorCode::Interrupted, "stopped on request");
        }
    }

    void report(double fraction, const std::string& stage) const {
        if (progress) {
            progress({fraction, stage});
        }
    }
};

} // namespace vitreous
