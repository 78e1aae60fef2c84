#include "core/nn/tensor_store.h"

#include <cstring>
#include <stdexcept>

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/zeros_like.h>

namespace vitreous {
namespace {

at::ScalarType scalarType(DType dtype) {
    switch (dtype) {
    case DType::Float64:
        return at::kDouble;
    case DType::Float32:
        return at::kFloat;
    case DType::Float16:
        return at::kHalf;
    case DType::BFloat16:
        return at::kBFloat16;
    case DType::Int64:
        return at::kLong;
    case DType::Int32:
        return at::kInt;
    case DType::Int16:
        return at::kShort;
    case DType::Int8:
        return at::kChar;
    case DType::UInt8:
        return at::kByte;
    case DType::Bool:
        return at::kBool;
    }
    throw std::logic_error("unknown element type");
}

/// A view of the mapped bytes where they are aligned, else of a copy.
at::Tensor viewOf(const TensorEntry& entry) {
    const at::TensorOptions options = at::TensorOptions().dtype(scalarType(entry.dtype));
    const std::byte* data = entry.bytes.data();
    std::int64_t elements = 1;
    for (const std::int64_t n : entry.shape) {
        elements *= n;
    }
    const bool aligned = reinterpret_cast<std::uintptr_t>(data) % byteSize(entry.dtype) == 0;
    if (elements == 0 || (aligned && isRowMajor(entry))) {
        return at::from_blob(const_cast<std::byte*>(data), entry.shape, options);
    }
    const auto count = static_cast<std::int64_t>(entry.bytes.size() / byteSize(entry.dtype));
    if (aligned) {
        return at::from_blob(const_cast<std::byte*>(data), {count}, options)
            .as_strided(entry.shape, entry.strides);
    }
    at::Tensor copy = at::empty({count}, options);
    std::memcpy(copy.data_ptr(), data, static_cast<std::size_t>(count) * byteSize(entry.dtype));
    return copy.as_strided(entry.shape, entry.strides);
}

} // namespace

at::Tensor TensorStore::load(const std::string& name) const {
    const MappedTensor& mapped = mapping_.tensors.at(name);
    const auto convert = [this](const at::Tensor& tensor) {
        return tensor.to(device_, dtype_, /*non_blocking=*/false, /*copy=*/true).contiguous();
    };
    if (mapped.parts.size() > 1) {
        std::vector<at::Tensor> parts;
        for (const TensorEntry& part : mapped.parts) {
            parts.push_back(viewOf(part).to(dtype_));
        }
        if (mapped.zero_between) {
            parts.insert(parts.begin() + 1, at::zeros_like(parts.front()));
        }
        return convert(at::cat(parts, 0));
    }
    const at::Tensor view = viewOf(mapped.parts.front());
    if (!mapped.patches_last) {
        return convert(view);
    }
    const auto& shape = mapped.shape;
    const std::int64_t channels = shape[shape.size() - 3];
    const std::int64_t height = shape[shape.size() - 2];
    const std::int64_t width = shape[shape.size() - 1];
    return convert(
        view.reshape({-1, height, width, channels}).permute({0, 3, 1, 2}).reshape(shape));
}

at::Tensor TensorStore::loadOptional(const std::string& name) const {
    return mapping_.has(name) ? load(name) : at::Tensor();
}

} // namespace vitreous
