#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "core/io/tensor_entry.h"

namespace vitreous {

/// What .safetensors calls the element types that Vitreous knows: all of them.
constexpr std::array<std::pair<std::string_view, DType>, 10> kSafetensorsTypes = {{
    {"F64", DType::Float64},
    {"F32", DType::Float32},
    {"F16", DType::Float16},
    {"BF16", DType::BFloat16},
    {"I64", DType::Int64},
    {"I32", DType::Int32},
    {"I16", DType::Int16},
    {"I8", DType::Int8},
    {"U8", DType::UInt8},
    {"BOOL", DType::Bool},
}};

} // namespace vitreous
