#pragma once

namespace vitreous {

/// How long the steps before the forward pass took, in milliseconds of wall time.
struct StageTimes {
    double decode_ms = 0.0;     ///< reading the input's file
    double preprocess_ms = 0.0; ///< making the model's input of it

    friend bool operator==(const StageTimes&, const StageTimes&) = default;
};

} // namespace vitreous
