// What the constructors that checkpoints use stand for.

#include <array>
#include <optional>

#include "core/io/pickle_numpy.h"
#include "core/io/unpickler.h"

namespace vitreous {
namespace {

constexpr std::size_t kMostSides = 16;

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
    if (itemsOf(arguments[2]).size() > kMostSides || itemsOf(arguments[3]).size() > kMostSides) {
        fail("a tensor of more than " + std::to_string(kMostSides) + " dimensions");
    }
    PickleTensor tensor{
        *storage, wholeNumber(arguments[1]), wholeNumbers(arguments[2]),
        wholeNumbers(arguments[3])};
    if (tensor.shape.size() != tensor.strides.size()) {
        fail(
            "a tensor of " + std::to_string(tensor.shape.size()) + " dimensions with " +
            std::to_string(tensor.strides.size()) + " strides");
    }
    return {std::move(tensor)};
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
            storage.view_count = wholeNumber(view[2]);
            if (storage.view_count < 0) {
                fail("a storage's view has a negative size");
            }
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
            std::int64_t bytes = 0;
            if (__builtin_mul_overflow(
                    storage.count, std::int64_t(byteSize(storage.dtype)), &bytes)) {
                fail("a storage whose size overflows");
            }
            storage.count = bytes / std::int64_t(byteSize(*known));
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
    if ((callee == "torch._utils._rebuild_device_tensor_from_numpy" ||
         callee == "torch._utils._rebuild_xla_tensor") &&
        !list.empty()) {
        if (auto tensor = numpyArray(list[0])) {
            return {std::move(*tensor)};
        }
    }
    if (callee == "collections.defaultdict") {
        return {PickleDict{}};
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
        if (auto number = numpyScalar(arguments)) {
            return std::move(*number);
        }
    }
    return {PickleRecord{callee, arguments, nullptr}};
}

} // namespace vitreous
