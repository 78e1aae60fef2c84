#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/io/tensor_entry.h"

namespace vitreous {

struct PickleValue;
/// Values refer to each other inside one arena; cycles are allowed.
using PickleRef = const PickleValue*;

struct PickleNone {};
struct PickleList {
    std::vector<PickleRef> items; ///< of a list, tuple or set
};
struct PickleDict {
    std::vector<std::pair<PickleRef, PickleRef>> items;
};
/// A class or function that the stream names. It is never looked up, never called.
struct PickleGlobal {
    std::string name; ///< "module.name"
};
/// An object of some class: what it was made from, inert.
struct PickleRecord {
    std::string name;
    PickleRef arguments = nullptr;
    PickleRef state = nullptr;
};
/// A torch storage, by its key in the file.
struct PickleStorage {
    std::string key;
    DType dtype = DType::Float32;
    bool known_dtype = true;
    std::int64_t count = 0;       ///< elements
    std::int64_t view_offset = 0; ///< legacy views of other storages, in elements
    std::int64_t view_count = -1; ///< elements of such a view; -1: no view
    /// Held by the stream itself (arrays of numpy), or null.
    std::shared_ptr<const std::string> inline_bytes = {};
};
struct PickleTensor {
    PickleStorage storage;
    std::int64_t offset = 0; ///< elements
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides;
};

struct PickleValue {
    std::variant<
        PickleNone,
        bool,
        std::int64_t,
        double,
        std::string,
        PickleList,
        PickleDict,
        PickleGlobal,
        PickleRecord,
        PickleStorage,
        PickleTensor>
        data;

    template <typename T>
    [[nodiscard]] const T* as() const {
        return std::get_if<T>(&data);
    }
};

/// Owns the values of a stream. They are freed one by one, not by recursion.
using PickleArena = std::deque<PickleValue>;

/// The member of a dictionary under a text key, or nullptr.
PickleRef member(PickleRef dictionary, std::string_view key);

} // namespace vitreous
