#pragma once

#include <string>

#include <ATen/core/Tensor.h>

#include "core/nn/name_map.h"

namespace vitreous {

/// A model's tensors by canonical name, read from the mapped file when they are asked for.
class TensorStore {
public:
    TensorStore(const NameMapping& mapping, at::Device device, at::ScalarType dtype)
        : mapping_(mapping), device_(device), dtype_(dtype) {}

    /// The tensor on the device in the run's precision; a copy, nothing of the file is shared.
    /// The name has to exist (requireExactTensors).
    [[nodiscard]] at::Tensor load(const std::string& name) const;
    /// As load, an undefined tensor where the name does not exist.
    [[nodiscard]] at::Tensor loadOptional(const std::string& name) const;

private:
    const NameMapping& mapping_;
    at::Device device_;
    at::ScalarType dtype_;
};

} // namespace vitreous
