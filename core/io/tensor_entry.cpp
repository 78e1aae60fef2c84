#include "core/io/tensor_entry.h"

#include <array>

namespace vitreous {
namespace {

struct DTypeFacts {
    std::size_t size;
    std::string_view name;
};

constexpr std::array<DTypeFacts, 10> kFacts = {{
    {8, "float64"},
    {4, "float32"},
    {2, "float16"},
    {2, "bfloat16"},
    {8, "int64"},
    {4, "int32"},
    {2, "int16"},
    {1, "int8"},
    {1, "uint8"},
    {1, "bool"},
}};

} // namespace

std::size_t byteSize(DType dtype) {
    return kFacts.at(static_cast<std::size_t>(dtype)).size;
}

std::string_view name(DType dtype) {
    return kFacts.at(static_cast<std::size_t>(dtype)).name;
}

bool isRowMajor(const TensorEntry& entry) {
    std::int64_t expected = 1;
    for (std::size_t i = entry.shape.size(); i-- > 0;) {
        if (entry.shape[i] != 1 && entry.strides[i] != expected) {
            return false;
        }
        expected *= entry.shape[i];
    }
    return true;
}

} // namespace vitreous
