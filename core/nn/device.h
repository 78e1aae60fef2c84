#pragma once

#include <cstdint>
#include <string>

#include <ATen/core/Tensor.h>

namespace vitreous {

/// The device of that name: "cpu", "cuda", "cuda:N"; "auto" is CUDA where this LibTorch has one.
/// Throws Error{Usage} for another name, Error{Resource} where the device is not there.
at::Device deviceOf(const std::string& name);

/// "cpu", "cuda:0".
std::string nameOf(const at::Device& device);

/// Bytes that can still be had: free memory of the machine (bounded by its control group) or of the
/// GPU. 0 where nothing tells.
std::uint64_t availableBytes(const at::Device& device);

/// Throws Error{Resource} where that many bytes are not free; who: "<something> needs"; path: the
/// message's last part.
void requireFree(
    std::uint64_t needed,
    const at::Device& device,
    const std::string& who,
    const std::string& path);

/// Throws Error{Resource} where the device cannot multiply matrices of that type (half precision on
/// the CPU of an older LibTorch).
void requireArithmetic(const at::Device& device, at::ScalarType dtype);

} // namespace vitreous
