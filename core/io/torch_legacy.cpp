// The format of torch.save before 1.6: pickles one after the other, then the storages.

#include <cstring>
#include <map>

#include "core/base/error.h"
#include "core/io/containers.h"
#include "core/io/printable.h"
#include "core/io/state_dict.h"
#include "core/io/unpickler.h"

namespace vitreous {
namespace {

using Places = std::map<std::string, std::span<const std::byte>>;

[[noreturn]] void refuse(const Checkpoint& checkpoint, const std::string& what) {
    throw Error(ErrorCode::Model, what + ": " + checkpoint.path.string());
}

/// The magic number (which the caller has seen), the version and the system of the writer.
void checkPreamble(const Checkpoint& checkpoint, Unpickler& unpickler) {
    unpickler.read();
    const auto* version = unpickler.read()->as<std::int64_t>();
    if (version == nullptr || *version != 1001) {
        refuse(checkpoint, "an unknown version of PyTorch's legacy format, expected 1001");
    }
    PickleRef little = member(unpickler.read(), "little_endian");
    if (little != nullptr && little->as<bool>() != nullptr && !*little->as<bool>()) {
        refuse(checkpoint, "tensors in big-endian byte order, expected little-endian");
    }
}

/// Where the storages lie: each is its element count, then its elements, in the order of the keys.
Places placesOf(
    const Checkpoint& checkpoint,
    const Unpickler& unpickler,
    const PickleList& keys,
    std::span<const std::byte> bytes) {
    Places places;
    std::size_t at = unpickler.position();
    for (PickleRef item : keys.items) {
        const std::string* key = item->as<std::string>();
        const auto known =
            key != nullptr ? unpickler.storages().find(*key) : unpickler.storages().end();
        if (known == unpickler.storages().end() || !known->second.known_dtype) {
            refuse(checkpoint, "a storage of unknown type at byte " + std::to_string(at));
        }
        std::int64_t count = 0;
        if (bytes.size() - at < sizeof count) {
            refuse(
                checkpoint, "truncated: the file ends at byte " + std::to_string(bytes.size()) +
                                " before its storages do");
        }
        std::memcpy(&count, bytes.data() + at, sizeof count);
        at += sizeof count;
        const std::size_t size = byteSize(known->second.dtype);
        if (count < 0 || std::uint64_t(count) > (bytes.size() - at) / size) {
            refuse(
                checkpoint, "truncated: the file ends at byte " + std::to_string(bytes.size()) +
                                ", storage " + printable(*key) + " needs " + std::to_string(count) +
                                " elements from byte " + std::to_string(at));
        }
        places[*key] = bytes.subspan(at, std::size_t(count) * size);
        at += std::size_t(count) * size;
    }
    return places;
}

} // namespace

void readTorchLegacy(
    Checkpoint& checkpoint,
    const std::shared_ptr<const MappedFile>& file,
    const std::string& state) {
    checkpoint.container = "PyTorch legacy";
    try {
        Unpickler unpickler(file->bytes());
        checkPreamble(checkpoint, unpickler);
        PickleRef object = unpickler.read();
        const PickleList* keys = unpickler.read()->as<PickleList>();
        if (keys == nullptr) {
            refuse(checkpoint, "the list of storages is missing");
        }
        const Places places = placesOf(checkpoint, unpickler, *keys, file->bytes());
        const StorageBytes place = [&places](const PickleStorage& storage) {
            const auto it = places.find(storage.key);
            if (it == places.end()) {
                throw StorageProblem{"the storage " + printable(storage.key) + " is missing"};
            }
            return it->second;
        };
        fillFromObject(checkpoint, object, place, file, state);
    } catch (const PickleProblem& problem) {
        refuse(checkpoint, printable(problem.what) + " (byte " + std::to_string(problem.at) + ")");
    }
}

} // namespace vitreous
