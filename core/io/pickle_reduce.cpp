// What the constructors that checkpoints use stand for.

#include <array>
#include <bit>
#include <cstring>
#include <optional>

#include "core/io/unpickler.h"

namespace vitreous {
namespace {

[[noreturn]] void fail(const std::string& what) {
    throw PickleProblem{what, 0};
}

std::optional<DType> dtypeOfStorage(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, DType>, 20> kNames = {{
        {"FloatStorage", DType::Float32}, {"DoubleStorage", DType::Float64},
        {"HalfStorage", DType::Float16},  {"BFloat16Storage", DType::BFloat16},
        {"LongStorage", DType::Int64},    {"IntStorage", DType::Int32},
        {"ShortStorage", DType::Int16},   {"CharStorage", DType::Int8},
        {"ByteStorage", DType::UInt8},    {"BoolStorage", DType::Bool},
        {"float32", DType::Float32},      {"float64", DType::Float64},
        {"float16", DType::Float16},      {"bfloat16", DType::BFloat16},
        {"int64", DType::Int64},          {"int32", DType::Int32},
        {"int16", DType::Int16},          {"int8", DType::Int8},
        {"uint8", DType::UInt8},          {"bool", DType::Bool},
    }};
    const std::string_view last = name.substr(name.rfind('.') + 1);
    for (const auto& [known, dtype] : kNames) {
        if (known == last) {
            return dtype;
        }
    }
    return std::nullopt;
}

const std::vector<PickleRef>& itemsOf(PickleRef value) {
    static const std::vector<PickleRef> none;
    const PickleList* list = value->as<PickleList>();
    return list != nullptr ? list->items : none;
}

std::int64_t wholeNumber(PickleRef value) {
    const std::int64_t* number = value->as<std::int64_t>();
    if (number == nullptr) {
        fail("a tensor's shape, stride or offset is no whole number");
    }
    return *number;
}

std::vector<std::int64_t> wholeNumbers(PickleRef value) {
    if (value->as<PickleList>() == nullptr) {
        fail("a tensor's shape or stride is no list");
    }
    std::vector<std::int64_t> numbers;
    for (PickleRef item : itemsOf(value)) {
        numbers.push_back(wholeNumber(item));
    }
    return numbers;
}

PickleValue tensorFrom(const std::vector<PickleRef>& arguments) {
    const PickleStorage* storage =
        arguments.size() >= 4 ? arguments[0]->as<PickleStorage>() : nullptr;
    if (storage == nullptr) {
        fail("a tensor without a storage");
    }
    PickleTensor tensor{
        *storage, wholeNumber(arguments[1]), wholeNumbers(arguments[2]),
        wholeNumbers(arguments[3])};
    if (tensor.shape.size() != tensor.strides.size() || tensor.shape.size() > 16) {
        fail(
            "a tensor of " + std::to_string(tensor.shape.size()) + " dimensions with " +
            std::to_string(tensor.strides.size()) + " strides");
    }
    return {std::move(tensor)};
}

/// numpy.core.multiarray.scalar(dtype, bytes): a number.
std::optional<PickleValue> numpyScalar(const std::vector<PickleRef>& arguments) {
    if (arguments.size() != 2) {
        return std::nullopt;
    }
    const PickleRecord* dtype = arguments[0]->as<PickleRecord>();
    const std::string* bytes = arguments[1]->as<std::string>();
    if (dtype == nullptr || dtype->arguments == nullptr || bytes == nullptr) {
        return std::nullopt;
    }
    const auto& words = itemsOf(dtype->arguments);
    const std::string* kind = words.empty() ? nullptr : words[0]->as<std::string>();
    if (kind == nullptr) {
        return std::nullopt;
    }
    const auto read = [bytes](auto value) -> std::optional<decltype(value)> {
        if (bytes->size() != sizeof value) {
            return std::nullopt;
        }
        std::memcpy(&value, bytes->data(), sizeof value);
        return value;
    };
    if (*kind == "f8") {
        if (const auto value = read(double{})) {
            return PickleValue{*value};
        }
    } else if (*kind == "f4") {
        if (const auto value = read(float{})) {
            return PickleValue{double(*value)};
        }
    } else if (*kind == "i8") {
        if (const auto value = read(std::int64_t{})) {
            return PickleValue{*value};
        }
    } else if (*kind == "i4") {
        if (const auto value = read(std::int32_t{})) {
            return PickleValue{std::int64_t{*value}};
        }
    } else if (*kind == "b1" && bytes->size() == 1) {
        return PickleValue{bytes->front() != '\0'};
    }
    return std::nullopt;
}

/// The bytes that Latin-1 text in UTF-8 stands for.
std::string bytesOfLatin1(const std::string& text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if ((lead == 0xc2 || lead == 0xc3) && i + 1 < text.size()) {
            const auto tail = static_cast<unsigned char>(text[++i]);
            bytes += static_cast<char>((lead & 0x03U) << 6 | (tail & 0x3fU));
        } else {
            bytes += text[i];
        }
    }
    return bytes;
}

/// OrderedDict([(key, value), ...]).
PickleDict orderedDict(const std::vector<PickleRef>& arguments) {
    PickleDict dictionary;
    if (!arguments.empty()) {
        for (PickleRef pair : itemsOf(arguments[0])) {
            const auto& both = itemsOf(pair);
            if (both.size() == 2) {
                dictionary.items.emplace_back(both[0], both[1]);
            }
        }
    }
    return dictionary;
}

} // namespace

PickleStorage storageOf(PickleRef id) {
    const auto& words = itemsOf(id);
    const std::string* kind = words.size() >= 5 ? words[0]->as<std::string>() : nullptr;
    const PickleGlobal* type =
        kind != nullptr && *kind == "storage" ? words[1]->as<PickleGlobal>() : nullptr;
    const std::string* key = type != nullptr ? words[2]->as<std::string>() : nullptr;
    const std::int64_t* count = key != nullptr ? words[4]->as<std::int64_t>() : nullptr;
    if (count == nullptr || *count < 0) {
        fail("a persistent id that names no storage");
    }
    PickleStorage storage{.key = *key, .count = *count};
    const std::optional<DType> dtype = dtypeOfStorage(type->name);
    storage.known_dtype = dtype.has_value();
    storage.dtype = dtype.value_or(DType::UInt8);
    if (words.size() >= 6) {
        if (const auto& view = itemsOf(words[5]); view.size() == 3) {
            storage.view_offset = wholeNumber(view[1]);
        }
    }
    return storage;
}

PickleValue reduceKnown(const std::string& callee, PickleRef arguments) {
    const auto& list = itemsOf(arguments);
    if (callee == "torch._utils._rebuild_tensor_v2" || callee == "torch._utils._rebuild_tensor") {
        return tensorFrom(list);
    }
    if (callee == "torch._utils._rebuild_tensor_v3") {
        PickleValue value = tensorFrom(list);
        const PickleGlobal* dtype = list.size() >= 7 ? list[6]->as<PickleGlobal>() : nullptr;
        if (const auto known = dtype != nullptr ? dtypeOfStorage(dtype->name) : std::nullopt) {
            // The storage counts bytes, the tensor elements of its own type.
            PickleStorage& storage = std::get<PickleTensor>(value.data).storage;
            storage.count = storage.count * std::int64_t(byteSize(storage.dtype)) /
                            std::int64_t(byteSize(*known));
            storage.dtype = *known;
            storage.known_dtype = true;
        }
        return value;
    }
    if ((callee == "torch._utils._rebuild_parameter" ||
         callee == "torch._utils._rebuild_parameter_with_state" ||
         callee == "torch.nn.parameter.Parameter") &&
        !list.empty() && list[0]->as<PickleTensor>() != nullptr) {
        return *list[0];
    }
    if (callee == "torch._tensor._rebuild_from_type_v2" && list.size() >= 3 &&
        list[0]->as<PickleGlobal>() != nullptr && list[0]->as<PickleGlobal>()->name != callee) {
        return reduceKnown(list[0]->as<PickleGlobal>()->name, list[2]);
    }
    if (callee == "collections.OrderedDict" || callee == "builtins.dict" ||
        callee == "__builtin__.dict") {
        return {orderedDict(list)};
    }
    if ((callee == "builtins.set" || callee == "__builtin__.set" ||
         callee == "builtins.frozenset" || callee == "torch.Size" || callee == "builtins.list" ||
         callee == "builtins.tuple") &&
        list.size() == 1 && list[0]->as<PickleList>() != nullptr) {
        return *list[0];
    }
    if (callee == "_codecs.encode" && !list.empty() && list[0]->as<std::string>() != nullptr) {
        return {bytesOfLatin1(*list[0]->as<std::string>())};
    }
    if (callee.starts_with("numpy.") && callee.ends_with(".multiarray.scalar")) {
        if (auto number = numpyScalar(list)) {
            return std::move(*number);
        }
    }
    return {PickleRecord{callee, arguments, nullptr}};
}

} // namespace vitreous
