#pragma once

#include <string>

#include <ATen/core/Tensor.h>

#include "core/nn/name_map.h"

namespace vitreous {

/// Where a network takes its tensors from, by canonical name.
class TensorSource {
public:
    virtual ~TensorSource() = default;
    /// The tensor on the device in the run's precision. The name has to exist.
    [[nodiscard]] virtual at::Tensor load(const std::string& name) const = 0;
    /// As load, an undefined tensor where the name does not exist.
    [[nodiscard]] virtual at::Tensor loadOptional(const std::string& name) const = 0;
    /// True where the network is to be trained: BatchNorm takes the mean and variance of what it
    /// is given, and moves the running ones of the source along.
    [[nodiscard]] virtual bool isTraining() const { return false; }

protected:
    TensorSource() = default;
    TensorSource(const TensorSource&) = default;
    TensorSource& operator=(const TensorSource&) = default;
};

/// A checkpoint's tensors, read from the mapped file when they are asked for.
class TensorStore final : public TensorSource {
public:
    TensorStore(const NameMapping& mapping, at::Device device, at::ScalarType dtype)
        : mapping_(mapping), device_(device), dtype_(dtype) {}

    /// A copy: nothing of the file is shared. The name has to exist (requireExactTensors).
    [[nodiscard]] at::Tensor load(const std::string& name) const override;
    [[nodiscard]] at::Tensor loadOptional(const std::string& name) const override;

private:
    const NameMapping& mapping_;
    at::Device device_;
    at::ScalarType dtype_;
};

} // namespace vitreous
