#pragma once

#include <functional>
#include <optional>

#include "core/io/checkpoint.h"
#include "core/io/pickle_value.h"

namespace vitreous {

/// Where a storage's bytes are: all of them, in the mapped file.
using StorageBytes = std::function<std::span<const std::byte>(const PickleStorage&)>;

/// Fills state_keys, state_key, tensors, arguments and config from the object that a torch file
/// holds. `bytes` throws Error{Model} where a storage is absent or goes beyond the file. Throws
/// Error{Model}, path last: no state dictionary, a tensor outside its storage.
void fillFromObject(
    Checkpoint& checkpoint,
    PickleRef object,
    const StorageBytes& bytes,
    const std::shared_ptr<const void>& owner,
    const std::string& wanted_state);

/// A pickled value as JSON: objects of unknown classes by class name, Namespace-like ones by their
/// members; nesting and size are bounded. Tensors become null.
nlohmann::json toJson(PickleRef value);

} // namespace vitreous
