#include "core/io/pickle_numpy.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace vitreous {
namespace {

constexpr std::size_t kMostSides = 16;

struct NumpyType {
    std::string_view name;
    DType dtype;
};

constexpr std::array<NumpyType, 9> kTypes = {{
    {"f8", DType::Float64},
    {"f4", DType::Float32},
    {"f2", DType::Float16},
    {"i8", DType::Int64},
    {"i4", DType::Int32},
    {"i2", DType::Int16},
    {"i1", DType::Int8},
    {"u1", DType::UInt8},
    {"b1", DType::Bool},
}};

PickleRef item(PickleRef list, std::size_t index) {
    const PickleList* items = list != nullptr ? list->as<PickleList>() : nullptr;
    return items != nullptr && index < items->items.size() ? items->items[index] : nullptr;
}

template <typename T>
const T* itemAs(PickleRef list, std::size_t index) {
    PickleRef value = item(list, index);
    return value != nullptr ? value->as<T>() : nullptr;
}

/// numpy.dtype("f4", ...) whose state is (version, byte order, ...).
std::optional<DType> dtypeOf(PickleRef value) {
    const PickleRecord* record = value != nullptr ? value->as<PickleRecord>() : nullptr;
    const std::string* kind =
        record != nullptr ? itemAs<std::string>(record->arguments, 0) : nullptr;
    if (kind == nullptr || record->name != "numpy.dtype") {
        return std::nullopt;
    }
    const std::string* order = itemAs<std::string>(record->state, 1);
    if (order != nullptr && *order == ">") {
        return std::nullopt;
    }
    for (const NumpyType& type : kTypes) {
        if (type.name == *kind) {
            return type.dtype;
        }
    }
    return std::nullopt;
}

template <typename T>
T valueOf(const std::string& bytes) {
    T value{};
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

std::vector<std::int64_t> stridesOf(const std::vector<std::int64_t>& shape, bool column_major) {
    std::vector<std::int64_t> strides(shape.size());
    std::int64_t step = 1;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const std::size_t side = column_major ? i : shape.size() - 1 - i;
        strides[side] = step;
        step *= std::max<std::int64_t>(1, shape[side]);
    }
    return strides;
}

} // namespace

std::optional<PickleValue> numpyScalar(PickleRef arguments) {
    const std::optional<DType> dtype = dtypeOf(item(arguments, 0));
    const std::string* bytes = itemAs<std::string>(arguments, 1);
    if (!dtype || bytes == nullptr || bytes->size() != byteSize(*dtype)) {
        return std::nullopt;
    }
    switch (*dtype) {
    case DType::Float64:
        return PickleValue{valueOf<double>(*bytes)};
    case DType::Float32:
        return PickleValue{double(valueOf<float>(*bytes))};
    case DType::Int64:
        return PickleValue{valueOf<std::int64_t>(*bytes)};
    case DType::Int32:
        return PickleValue{std::int64_t{valueOf<std::int32_t>(*bytes)}};
    case DType::Int16:
        return PickleValue{std::int64_t{valueOf<std::int16_t>(*bytes)}};
    case DType::Int8:
        return PickleValue{std::int64_t{valueOf<std::int8_t>(*bytes)}};
    case DType::UInt8:
        return PickleValue{std::int64_t{valueOf<std::uint8_t>(*bytes)}};
    case DType::Bool:
        return PickleValue{bytes->front() != '\0'};
    default:
        return std::nullopt;
    }
}

std::optional<PickleTensor> numpyArray(PickleRef array) {
    // _reconstruct(...) whose state is (version, shape, dtype, column-major, bytes).
    const PickleRecord* record = array != nullptr ? array->as<PickleRecord>() : nullptr;
    if (record == nullptr || !record->name.ends_with(".multiarray._reconstruct")) {
        return std::nullopt;
    }
    const PickleList* sides = itemAs<PickleList>(record->state, 1);
    const std::optional<DType> dtype = dtypeOf(item(record->state, 2));
    const bool* column_major = itemAs<bool>(record->state, 3);
    const std::string* bytes = itemAs<std::string>(record->state, 4);
    if (sides == nullptr || sides->items.size() > kMostSides || !dtype || bytes == nullptr) {
        return std::nullopt;
    }
    PickleTensor tensor;
    std::int64_t count = 1;
    for (PickleRef side : sides->items) {
        const std::int64_t* length = side->as<std::int64_t>();
        // No side is longer than there are bytes, so that the strides cannot overflow either.
        if (length == nullptr || *length < 0 || std::uint64_t(*length) > bytes->size() ||
            __builtin_mul_overflow(count, std::max<std::int64_t>(1, *length), &count)) {
            return std::nullopt;
        }
        tensor.shape.push_back(*length);
    }
    const bool empty = std::find(tensor.shape.begin(), tensor.shape.end(), 0) != tensor.shape.end();
    if (bytes->size() % byteSize(*dtype) != 0 ||
        bytes->size() / byteSize(*dtype) != (empty ? 0 : std::uint64_t(count))) {
        return std::nullopt;
    }
    tensor.strides = stridesOf(tensor.shape, column_major != nullptr && *column_major);
    tensor.storage.dtype = *dtype;
    tensor.storage.count = empty ? 0 : count;
    tensor.storage.inline_bytes = std::make_shared<const std::string>(*bytes);
    return tensor;
}

} // namespace vitreous
