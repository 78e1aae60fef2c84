#include "core/io/state_dict.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/base/array.h"
#include "core/base/error.h"
#include "core/io/bounded_json.h"
#include "core/io/printable.h"

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

/// A view repeats elements by a stride of 0; more than these never belong to a weight.
constexpr std::int64_t kMostRepeated = std::int64_t{1} << 28;

TensorEntry entryFor(
    const Checkpoint& checkpoint,
    const std::string& name,
    const PickleTensor& tensor,
    const StorageBytes& bytes,
    const std::shared_ptr<const void>& owner) {
    const auto fail = [&](const std::string& what) {
        refuse(checkpoint, printable(name) + ": " + what);
    };
    const PickleStorage& storage = tensor.storage;
    if (!storage.known_dtype) {
        fail("has an element type that Vitreous does not read");
    }
    const std::optional<std::int64_t> elements = extent(tensor);
    std::int64_t view_end = 0;
    std::int64_t offset = 0;
    std::int64_t end = 0;
    if (!elements || tensor.offset < 0 || storage.view_offset < 0 ||
        __builtin_add_overflow(tensor.offset, *elements, &view_end) ||
        __builtin_add_overflow(tensor.offset, storage.view_offset, &offset) ||
        __builtin_add_overflow(offset, *elements, &end)) {
        fail("its shape and strides make no sense");
    }
    if (storage.view_count >= 0 && view_end > storage.view_count) {
        fail(
            "expected " + std::to_string(view_end) + " elements in its view of a storage, found " +
            std::to_string(storage.view_count));
    }
    std::span<const std::byte> place;
    try {
        place = storage.inline_bytes != nullptr ? std::as_bytes(std::span(*storage.inline_bytes))
                                                : bytes(storage);
    } catch (const StorageProblem& problem) {
        fail(problem.what);
    }
    const std::size_t size = byteSize(storage.dtype);
    const std::uint64_t found = place.size() / size;
    if (std::uint64_t(end) > found) {
        fail(
            "expected " + std::to_string(end) + " elements in its storage, found " +
            std::to_string(found));
    }
    if (elementCount(tensor.shape) > std::max(std::int64_t(found), kMostRepeated)) {
        fail("its shape repeats a few elements endlessly");
    }
    return {
        .name = name,
        .dtype = storage.dtype,
        .shape = tensor.shape,
        .strides = tensor.strides,
        .bytes = place.subspan(std::size_t(offset) * size),
        .owner = storage.inline_bytes != nullptr ? storage.inline_bytes : owner};
}

const Candidate& choose(
    const Checkpoint& checkpoint,
    const std::vector<Candidate>& found,
    const std::string& wanted) {
    requireState(checkpoint, checkpoint.state_keys, wanted);
    for (const Candidate& candidate : found) {
        if (!wanted.empty() && candidate.key == wanted) {
            return candidate;
        }
    }
    return found.front();
}

/// Why nothing was found: often a whole module was saved, at the top or under a usual key.
[[noreturn]] void refuseWithoutState(const Checkpoint& checkpoint, PickleRef root) {
    const auto* record = root->as<PickleRecord>();
    for (const char* key : kStateKeys) {
        if (PickleRef value = member(root, key); record == nullptr && value != nullptr) {
            record = value->as<PickleRecord>();
        }
    }
    refuse(
        checkpoint, record != nullptr
                        ? "holds a whole object of class " + printable(record->name) +
                              ", expected a state dictionary (save model.state_dict())"
                        : "holds no state dictionary with tensors");
}

/// The tensors of a state dictionary; of a name that comes twice the last counts, as in Python.
std::vector<TensorEntry> tensorsOf(
    const Checkpoint& checkpoint,
    const PickleDict& dictionary,
    const StorageBytes& bytes,
    const std::shared_ptr<const void>& owner) {
    std::vector<TensorEntry> tensors;
    std::unordered_map<std::string_view, std::size_t> places;
    for (const auto& [key, value] : dictionary.items) {
        const auto* name = key->as<std::string>();
        const auto* tensor = value->as<PickleTensor>();
        if (name == nullptr || tensor == nullptr) {
            continue;
        }
        TensorEntry entry = entryFor(checkpoint, *name, *tensor, bytes, owner);
        const auto [place, is_new] = places.emplace(*name, tensors.size());
        if (is_new) {
            tensors.push_back(std::move(entry));
        } else {
            tensors[place->second] = std::move(entry);
        }
    }
    return tensors;
}

/// A dictionary, a namespace or a JSON text as JSON object; null where it is none of these.
nlohmann::json objectOf(PickleRef value) {
    if (const auto* text = value->as<std::string>()) {
        return objectIn(*text);
    }
    nlohmann::json json = toJson(value);
    if (!json.is_object()) {
        return nullptr;
    }
    return json;
}

} // namespace

void requireState(
    const Checkpoint& checkpoint,
    const std::vector<std::string>& found,
    const std::string& wanted) {
    if (wanted.empty() || std::find(found.begin(), found.end(), wanted) != found.end()) {
        return;
    }
    std::string names;
    for (const std::string& key : found) {
        names += (names.empty() ? "" : ", ") + (key.empty() ? "(top level)" : key);
    }
    refuse(checkpoint, "no state dictionary '" + printable(wanted) + "', there are " + names);
}

void fillFromObject(
    Checkpoint& checkpoint,
    PickleRef object,
    const StorageBytes& bytes,
    const std::shared_ptr<const void>& owner,
    const std::string& wanted_state) {
    const std::vector<Candidate> found = candidates(object);
    if (found.empty()) {
        refuseWithoutState(checkpoint, object);
    }
    for (const Candidate& candidate : found) {
        checkpoint.state_keys.push_back(candidate.key);
    }
    const Candidate& chosen = choose(checkpoint, found, wanted_state);
    checkpoint.state_key = chosen.key;
    checkpoint.tensors = tensorsOf(checkpoint, *chosen.dictionary->as<PickleDict>(), bytes, owner);
    for (const char* key : kArgumentKeys) {
        if (PickleRef value = member(object, key);
            value != nullptr && checkpoint.arguments.is_null()) {
            checkpoint.arguments = objectOf(value);
        }
    }
    if (PickleRef value = member(object, "config"); value != nullptr) {
        checkpoint.config = objectOf(value);
    }
}

} // namespace vitreous
