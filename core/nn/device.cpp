#include "core/nn/device.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>

#include <dlfcn.h>

#include <ATen/ops/linear.h>
#include <ATen/ops/zeros.h>
#include <torch/cuda.h>

#include "core/base/error.h"

namespace vitreous {
namespace {

std::string gigabytes(std::uint64_t bytes) {
    std::string text = std::to_string((bytes + 50'000'000) / 100'000'000);
    if (text.size() == 1) {
        text.insert(0, "0");
    }
    text.insert(text.size() - 1, ".");
    return text + " GB";
}

std::optional<std::uint64_t> numberIn(const std::string& path) {
    std::ifstream file(path);
    std::uint64_t number = 0;
    return file >> number ? std::optional(number) : std::nullopt;
}

/// The value of a `Key: 123 kB` or `key 123` line, in the file's unit.
std::optional<std::uint64_t> fieldIn(const std::string& path, const std::string& key) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        std::istringstream words(line);
        std::string name;
        std::uint64_t number = 0;
        if (words >> name && name == key && words >> number) {
            return number;
        }
    }
    return std::nullopt;
}

std::uint64_t availableHostBytes() {
    std::uint64_t bytes = fieldIn("/proc/meminfo", "MemAvailable:").value_or(0) * 1024;
    const std::string group = "/sys/fs/cgroup/";
    const auto limit = numberIn(group + "memory.max");
    const auto used = numberIn(group + "memory.current");
    if (limit && used) {
        const std::uint64_t reclaimable =
            fieldIn(group + "memory.stat", "inactive_file").value_or(0);
        const std::uint64_t held = *used - std::min(*used, reclaimable);
        const std::uint64_t left = *limit - std::min(*limit, held);
        bytes = bytes == 0 ? left : std::min(bytes, left);
    }
    return bytes;
}

std::uint64_t availableCudaBytes(const at::Device& device) {
    // The CUDA runtime is in the process where LibTorch has CUDA; its headers need not be
    // installed.
    using SetDevice = int (*)(int);
    using MemGetInfo = int (*)(std::size_t*, std::size_t*);
    const auto set_device = reinterpret_cast<SetDevice>(dlsym(RTLD_DEFAULT, "cudaSetDevice"));
    const auto get_info = reinterpret_cast<MemGetInfo>(dlsym(RTLD_DEFAULT, "cudaMemGetInfo"));
    std::size_t free_bytes = 0;
    std::size_t total_bytes = 0;
    if (set_device == nullptr || get_info == nullptr || set_device(device.index()) != 0 ||
        get_info(&free_bytes, &total_bytes) != 0) {
        return 0;
    }
    return free_bytes;
}

} // namespace

at::Device deviceOf(const std::string& name) {
    const auto count = static_cast<int>(torch::cuda::device_count());
    if (name == "cpu" || (name == "auto" && count == 0)) {
        return at::Device(at::kCPU);
    }
    int index = 0;
    if (name.starts_with("cuda:")) {
        const char* end = name.data() + name.size();
        const auto [rest, problem] = std::from_chars(name.data() + 5, end, index);
        if (problem != std::errc() || rest != end || index < 0 || index > 127) {
            throw Error(
                ErrorCode::Usage, "unknown device, expected auto, cpu, cuda or cuda:N: " + name);
        }
    } else if (name != "auto" && name != "cuda") {
        throw Error(
            ErrorCode::Usage, "unknown device, expected auto, cpu, cuda or cuda:N: " + name);
    }
    if (index >= count) {
        throw Error(
            ErrorCode::Resource,
            count == 0 ? "no CUDA device: this LibTorch sees none, use cpu: " + name
                       : "no such CUDA device, there are " + std::to_string(count) + ": " + name);
    }
    return at::Device(at::kCUDA, static_cast<at::DeviceIndex>(index));
}

std::string nameOf(const at::Device& device) {
    return device.is_cuda() ? "cuda:" + std::to_string(device.index()) : "cpu";
}

std::uint64_t availableBytes(const at::Device& device) {
    return device.is_cuda() ? availableCudaBytes(device) : availableHostBytes();
}

void requireArithmetic(const at::Device& device, at::ScalarType dtype) {
    try {
        const at::TensorOptions options = at::TensorOptions().device(device).dtype(dtype);
        at::linear(
            at::zeros({1, 2, 8}, options), at::zeros({8, 8}, options), at::zeros({8}, options));
    } catch (const c10::Error&) {
        throw Error(
            ErrorCode::Resource, "this LibTorch cannot compute in " +
                                     std::string(dtype == at::kHalf ? "fp16" : "bf16") + " on " +
                                     nameOf(device) + ", use fp32 or another device");
    }
}

void requireFree(
    std::uint64_t needed,
    const at::Device& device,
    const std::string& who,
    const std::string& path) {
    const std::uint64_t available = availableBytes(device);
    if (available > 0 && needed > available) {
        throw Error(
            ErrorCode::Resource, who + " about " + gigabytes(needed) + " on " + nameOf(device) +
                                     ", " + gigabytes(available) + " are free: " + path);
    }
}

} // namespace vitreous
