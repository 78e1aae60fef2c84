#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

#include "core/train/parameters.h"

namespace vitreous {

/// AdamW over the trained parameters: beta 0.9 and 0.999, epsilon 1e-8, weight decay on matrices
/// and kernels alone, not on biases, norms, tokens and positions.
/// Source: Loshchilov and Hutter, arXiv 1711.05101; LibTorch's implementation.
class AdamW {
public:
    AdamW(const Parameters& parameters, double weight_decay);
    AdamW(const AdamW&) = delete;
    AdamW& operator=(const AdamW&) = delete;
    ~AdamW();

    /// One step. gradients: of the trained parameters, in their order; scaled down where their norm
    /// together is larger than clip (0: never). Returns the norm before; where that is no number,
    /// nothing is changed.
    double step(const std::vector<at::Tensor>& gradients, double learning_rate, double clip);

    /// The moments: "exp_avg.<name>" and "exp_avg_sq.<name>" of every trained parameter, zeros
    /// before the first step.
    [[nodiscard]] std::vector<std::pair<std::string, at::Tensor>> state() const;
    /// Takes the moments back. steps: those done before. Throws Error{Model} where a moment has
    /// another shape than its parameter.
    void restore(const TensorSource& moments, std::int64_t steps);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace vitreous
