// The format of torch.save before 1.6: pickles one after the other, then the storages.

#include <cstring>
#include <map>

#include "core/base/error.h"
#include "core/io/containers.h"
#include "core/io/state_dict.h"
#include "core/io/unpickler.h"

namespace vitreous {
namespace {

/// Collects every storage that a value refers to, by key. Iterative: a stream can nest at will.
std::map<std::string, PickleStorage> storagesIn(PickleRef root) {
    std::map<std::string, PickleStorage> found;
    std::map<PickleRef, bool> seen;
    std::vector<PickleRef> open = {root};
    while (!open.empty()) {
        PickleRef value = open.back();
        open.pop_back();
        if (value == nullptr || !seen.emplace(value, true).second) {
            continue;
        }
        if (const auto* storage = value->as<PickleStorage>()) {
            found.emplace(storage->key, *storage);
        } else if (const auto* tensor = value->as<PickleTensor>()) {
            found.emplace(tensor->storage.key, tensor->storage);
        } else if (const auto* list = value->as<PickleList>()) {
            open.insert(open.end(), list->items.begin(), list->items.end());
        } else if (const auto* dictionary = value->as<PickleDict>()) {
            for (const auto& [key, item] : dictionary->items) {
                open.push_back(item);
            }
        } else if (const auto* record = value->as<PickleRecord>()) {
            open.push_back(record->arguments);
            open.push_back(record->state);
        }
    }
    return found;
}

} // namespace

void readTorchLegacy(
    Checkpoint& checkpoint,
    const std::shared_ptr<const MappedFile>& file,
    const std::string& state) {
    checkpoint.container = "PyTorch legacy";
    const std::string path = checkpoint.path.string();
    const std::span<const std::byte> bytes = file->bytes();
    const auto fail = [&path](const std::string& what) {
        throw Error(ErrorCode::Model, what + ": " + path);
    };
    try {
        Unpickler unpickler(bytes);
        unpickler.read(); // magic number, known to be there
        const auto* version = unpickler.read()->as<std::int64_t>();
        if (version == nullptr || *version != 1001) {
            fail("an unknown version of PyTorch's legacy format, expected 1001");
        }
        PickleRef system = unpickler.read();
        if (PickleRef little = member(system, "little_endian");
            little != nullptr && little->as<bool>() != nullptr && !*little->as<bool>()) {
            fail("tensors in big-endian byte order, expected little-endian");
        }
        PickleRef object = unpickler.read();
        const PickleList* keys = unpickler.read()->as<PickleList>();
        if (keys == nullptr) {
            fail("the list of storages is missing");
        }
        const std::map<std::string, PickleStorage> storages = storagesIn(object);
        std::map<std::string, std::span<const std::byte>> places;
        std::size_t at = unpickler.position();
        for (PickleRef item : keys->items) {
            const std::string* key = item->as<std::string>();
            const auto known = key != nullptr ? storages.find(*key) : storages.end();
            if (known == storages.end() || !known->second.known_dtype) {
                fail("a storage of unknown type at byte " + std::to_string(at));
            }
            std::int64_t count = 0;
            if (bytes.size() - at < sizeof count) {
                fail(
                    "truncated: the file ends at byte " + std::to_string(bytes.size()) +
                    " before its storages do");
            }
            std::memcpy(&count, bytes.data() + at, sizeof count);
            at += sizeof count;
            const std::size_t size = byteSize(known->second.dtype);
            if (count < 0 || std::uint64_t(count) > (bytes.size() - at) / size) {
                fail(
                    "truncated: the file ends at byte " + std::to_string(bytes.size()) +
                    ", storage " + *key + " needs " + std::to_string(count) +
                    " elements from byte " + std::to_string(at));
            }
            places[*key] = bytes.subspan(at, std::size_t(count) * size);
            at += std::size_t(count) * size;
        }
        const StorageBytes place = [&](const PickleStorage& storage) {
            const auto it = places.find(storage.key);
            if (it == places.end()) {
                fail("the storage " + storage.key.substr(0, 80) + " is missing");
            }
            return it->second;
        };
        fillFromObject(checkpoint, object, place, file, state);
    } catch (const PickleProblem& problem) {
        fail(problem.what + " (byte " + std::to_string(problem.at) + ")");
    }
}

} // namespace vitreous
