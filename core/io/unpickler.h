#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/io/pickle_value.h"

namespace vitreous {

/// A pickle stream that cannot be read: what is wrong and at which byte.
struct PickleProblem {
    std::string what;
    std::size_t at = 0;
};

/// Reads pickle protocols 0 to 5 as data. Knows torch's tensors, parameters and storages,
/// OrderedDict, the plain types and numpy scalars; every other class becomes an inert record.
/// Nothing the stream names is ever looked up or called. Sizes, counts, copies and the number of
/// values are bounded by the bytes read so far.
class Unpickler {
public:
    explicit Unpickler(std::span<const std::byte> bytes) : bytes_(bytes) {}

    /// Reads one object, up to its STOP; another call reads the next one. The value lives as long
    /// as the unpickler. Throws PickleProblem.
    PickleRef read();

    /// Every storage that the stream named, by its key, whatever became of it.
    [[nodiscard]] const std::map<std::string, PickleStorage>& storages() const { return storages_; }

    /// Bytes read so far.
    [[nodiscard]] std::size_t position() const { return position_; }

private:
    using Stack = std::vector<PickleValue*>;

    [[noreturn]] void fail(const std::string& what) const;
    std::span<const std::byte> take(std::size_t count);
    std::uint64_t takeUnsigned(std::size_t count);
    std::string takeLine();
    std::string takeText(std::size_t length_bytes);
    PickleValue* make(PickleValue value);
    void push(PickleValue value) { stack_.push_back(make(std::move(value))); }
    PickleValue* pop();
    PickleValue* top();
    Stack popToMark();
    void memoize(std::uint64_t index);
    void recall(std::uint64_t index);

    bool step(std::uint8_t opcode);
    bool stepMemo(std::uint8_t opcode);
    bool stepNumber(std::uint8_t opcode);
    bool stepText(std::uint8_t opcode);
    bool stepContainer(std::uint8_t opcode);
    bool stepObject(std::uint8_t opcode);
    void pushLong(std::span<const std::byte> digits);
    void append(PickleValue* list, const Stack& items);
    void setItems(PickleValue* dictionary, const Stack& items);
    void build(PickleValue* object, PickleRef state);

    std::span<const std::byte> bytes_;
    std::size_t position_ = 0;
    std::uint64_t payload_bytes_ = 0; ///< of text and items that values hold
    PickleArena arena_;
    std::map<std::string, PickleStorage> storages_;
    Stack stack_;
    std::vector<std::size_t> marks_;
    std::vector<PickleValue*> memo_;
};

/// What calling a known torch, numpy or collections constructor would give, as data; otherwise a
/// record. Throws PickleProblem (at: 0) where the arguments of a tensor make no sense.
PickleValue reduceKnown(const std::string& callee, PickleRef arguments);

/// The storage that a persistent id of torch.save names. Throws PickleProblem (at: 0).
PickleStorage storageOf(PickleRef id);

} // namespace vitreous
