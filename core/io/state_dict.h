#pragma once

#include <functional>
#include <optional>

#include "core/io/checkpoint.h"
#include "core/io/pickle_value.h"

namespace vitreous {

/// A storage that is absent or goes beyond the file.
struct StorageProblem {
    std::string what;
};

/// Where a storage's bytes are: all of them, in the mapped file. Throws StorageProblem.
using StorageBytes = std::function<std::span<const std::byte>(const PickleStorage&)>;

/// Fills state_keys, state_key, tensors, arguments and config from the object that a torch file
/// holds. Throws Error{Model} that names the tensor, path last: no state dictionary, a storage that
/// is not there, a tensor outside its storage.
void fillFromObject(
    Checkpoint& checkpoint,
    PickleRef object,
    const StorageBytes& bytes,
    const std::shared_ptr<const void>& owner,
    const std::string& wanted_state);

/// Refuses a wanted state dictionary that is not among those that were found; empty wants any.
/// Throws Error{Model} that lists the candidates, path last.
void requireState(
    const Checkpoint& checkpoint,
    const std::vector<std::string>& found,
    const std::string& wanted);

/// A pickled value as JSON: objects of unknown classes by class name, Namespace-like ones by their
/// members; nesting, values and text are bounded. Tensors become null.
nlohmann::json toJson(PickleRef value);

} // namespace vitreous
