#include "core/io/state_dict.h"

#include <algorithm>
#include <array>

#include "core/base/error.h"

namespace vitreous {
namespace {

constexpr std::array kStateKeys = {"model",   "model_ema", "state_dict", "teacher",
                                   "student", "module",    "base_model", "net"};
constexpr std::array kArgumentKeys = {"args",       "hparams", "hyper_parameters",
                                      "model_args", "opt",     "cfg"};

[[noreturn]] void refuse(const Checkpoint& checkpoint, const std::string& what) {
    throw Error(ErrorCode::Model, what + ": " + checkpoint.path.string());
}

bool holdsTensors(PickleRef value) {
    const PickleDict* dictionary = value != nullptr ? value->as<PickleDict>() : nullptr;
    return dictionary != nullptr &&
           std::any_of(dictionary->items.begin(), dictionary->items.end(), [](const auto& item) {
               return item.second->template as<PickleTensor>() != nullptr;
           });
}

struct Candidate {
    std::string key;
    PickleRef dictionary;
};

/// State dictionaries in the order in which they are preferred; one more level is looked into.
std::vector<Candidate> candidates(PickleRef root) {
    std::vector<Candidate> found;
    for (const char* key : kStateKeys) {
        PickleRef value = member(root, key);
        if (holdsTensors(value)) {
            found.push_back({key, value});
            continue;
        }
        for (const char* inner : kStateKeys) {
            if (PickleRef nested = member(value, inner); holdsTensors(nested)) {
                found.push_back({std::string(key) + "." + inner, nested});
            }
        }
    }
    if (holdsTensors(root)) {
        found.push_back({"", root});
    }
    return found;
}

/// Elements from the tensor's first to its last, or nothing where that overflows or is negative.
std::optional<std::int64_t> extent(const PickleTensor& tensor) {
    std::int64_t last = 0;
    std::int64_t count = 1;
    for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
        std::int64_t step = 0;
        if (tensor.shape[i] < 0 || tensor.strides[i] < 0 ||
            __builtin_mul_overflow(count, tensor.shape[i], &count)) {
            return std::nullopt;
        }
        if (tensor.shape[i] > 0 &&
            (__builtin_mul_overflow(tensor.shape[i] - 1, tensor.strides[i], &step) ||
             __builtin_add_overflow(last, step, &last))) {
            return std::nullopt;
        }
    }
    // A product of 0 hides an overflow of the others, but then nothing is read.
    return count == 0 ? 0 : last == INT64_MAX ? std::nullopt : std::optional(last + 1);
}

TensorEntry entryFor(
    const Checkpoint& checkpoint,
    const std::string& name,
    const PickleTensor& tensor,
    const StorageBytes& bytes) {
    const std::optional<std::int64_t> elements = extent(tensor);
    std::int64_t offset = 0;
    std::int64_t end = 0;
    if (!elements || tensor.offset < 0 || tensor.storage.view_offset < 0 ||
        __builtin_add_overflow(tensor.offset, tensor.storage.view_offset, &offset) ||
        __builtin_add_overflow(offset, *elements, &end)) {
        refuse(checkpoint, name + ": its shape and strides make no sense");
    }
    const std::span<const std::byte> storage = bytes(tensor.storage);
    const std::size_t size = byteSize(tensor.storage.dtype);
    if (std::uint64_t(end) > storage.size() / size) {
        refuse(
            checkpoint, name + ": expected " + std::to_string(end) +
                            " elements in its storage, found " +
                            std::to_string(storage.size() / size));
    }
    return {
        .name = name,
        .dtype = tensor.storage.dtype,
        .shape = tensor.shape,
        .strides = tensor.strides,
        .bytes = storage.subspan(std::size_t(offset) * size),
        .owner = nullptr};
}

const Candidate& choose(
    const Checkpoint& checkpoint,
    const std::vector<Candidate>& found,
    const std::string& wanted) {
    if (wanted.empty()) {
        return found.front();
    }
    std::string names;
    for (const Candidate& candidate : found) {
        if (candidate.key == wanted) {
            return candidate;
        }
        names +=
            (names.empty() ? "" : ", ") + (candidate.key.empty() ? "(top level)" : candidate.key);
    }
    refuse(checkpoint, "no state dictionary '" + wanted + "', there are " + names);
}

} // namespace

void fillFromObject(
    Checkpoint& checkpoint,
    PickleRef object,
    const StorageBytes& bytes,
    const std::shared_ptr<const void>& owner,
    const std::string& wanted_state) {
    const std::vector<Candidate> found = candidates(object);
    if (found.empty()) {
        const PickleRecord* record = object->as<PickleRecord>();
        refuse(
            checkpoint, record != nullptr
                            ? "holds a whole object of class " + record->name.substr(0, 80) +
                                  ", expected a state dictionary (save model.state_dict())"
                            : "holds no state dictionary with tensors");
    }
    for (const Candidate& candidate : found) {
        checkpoint.state_keys.push_back(candidate.key);
    }
    const Candidate& chosen = choose(checkpoint, found, wanted_state);
    checkpoint.state_key = chosen.key;
    for (const auto& [key, value] : chosen.dictionary->as<PickleDict>()->items) {
        const std::string* name = key->as<std::string>();
        const PickleTensor* tensor = value->as<PickleTensor>();
        if (name == nullptr || tensor == nullptr) {
            continue;
        }
        if (!tensor->storage.known_dtype) {
            refuse(checkpoint, *name + ": has an element type that Vitreous does not read");
        }
        checkpoint.tensors.push_back(entryFor(checkpoint, *name, *tensor, bytes));
        checkpoint.tensors.back().owner = owner;
    }
    for (const char* key : kArgumentKeys) {
        if (PickleRef value = member(object, key);
            value != nullptr && checkpoint.arguments.is_null()) {
            nlohmann::json json = toJson(value);
            if (json.is_object()) {
                checkpoint.arguments = std::move(json);
            }
        }
    }
    if (PickleRef value = member(object, "config"); value != nullptr) {
        nlohmann::json json = toJson(value);
        if (json.is_object()) {
            checkpoint.config = std::move(json);
        }
    }
}

} // namespace vitreous
