#include "core/io/unpickler.h"

#include <bit>
#include <charconv>
#include <cstring>

namespace vitreous {
namespace {

// More values than any checkpoint has; a stream cannot make us fill the memory with tiny ones.
constexpr std::size_t kMostValues = 16'000'000;

const char* chars(std::span<const std::byte> bytes) {
    return reinterpret_cast<const char*>(bytes.data());
}

std::string text(std::span<const std::byte> bytes) {
    return {chars(bytes), bytes.size()};
}

// What a value may hold for every byte of the stream before it: far above what any honest stream
// needs, so that only copies of copies are refused.
constexpr std::uint64_t kPayloadPerByte = 32;
constexpr std::uint64_t kFreePayload = 16 << 20;

struct PayloadBytes {
    template <typename T>
    std::uint64_t operator()(const T&) const {
        return 0;
    }
    std::uint64_t operator()(const std::string& text) const { return text.size(); }
    std::uint64_t operator()(const PickleList& list) const {
        return list.items.size() * sizeof(PickleRef);
    }
    std::uint64_t operator()(const PickleDict& dictionary) const {
        return dictionary.items.size() * sizeof dictionary.items[0];
    }
    std::uint64_t operator()(const PickleGlobal& global) const { return global.name.size(); }
    std::uint64_t operator()(const PickleRecord& record) const { return record.name.size(); }
    std::uint64_t operator()(const PickleStorage& storage) const {
        return storage.key.size() +
               (storage.inline_bytes != nullptr ? storage.inline_bytes->size() : 0);
    }
    std::uint64_t operator()(const PickleTensor& tensor) const {
        return (*this)(tensor.storage) +
               (tensor.shape.size() + tensor.strides.size()) * sizeof(std::int64_t);
    }
};

} // namespace

PickleRef member(PickleRef dictionary, std::string_view key) {
    const PickleDict* dict = dictionary != nullptr ? dictionary->as<PickleDict>() : nullptr;
    if (dict == nullptr) {
        return nullptr;
    }
    for (const auto& [name, value] : dict->items) {
        const std::string* found = name->as<std::string>();
        if (found != nullptr && *found == key) {
            return value;
        }
    }
    return nullptr;
}

void Unpickler::fail(const std::string& what) const {
    throw PickleProblem{what, position_};
}

std::span<const std::byte> Unpickler::take(std::size_t count) {
    if (count > bytes_.size() - position_) {
        fail("the pickle stream ends too early");
    }
    const auto taken = bytes_.subspan(position_, count);
    position_ += count;
    return taken;
}

std::uint64_t Unpickler::takeUnsigned(std::size_t count) {
    std::uint64_t value = 0;
    const auto digits = take(count);
    for (std::size_t i = 0; i < count; ++i) {
        value |= std::uint64_t(digits[i]) << (8 * i);
    }
    return value;
}

std::string Unpickler::takeLine() {
    const auto rest = bytes_.subspan(position_);
    const void* end = rest.empty() ? nullptr : std::memchr(rest.data(), '\n', rest.size());
    if (end == nullptr) {
        fail("the pickle stream ends in the middle of a line");
    }
    const auto length = static_cast<std::size_t>(static_cast<const std::byte*>(end) - rest.data());
    std::string line = text(take(length));
    position_ += 1;
    return line;
}

std::string Unpickler::takeText(std::size_t length_bytes) {
    return text(take(takeUnsigned(length_bytes)));
}

PickleValue* Unpickler::make(PickleValue value) {
    if (arena_.size() >= kMostValues) {
        fail("the pickle stream holds more values than a checkpoint has");
    }
    payload_bytes_ += std::visit(PayloadBytes(), value.data);
    if (payload_bytes_ > kFreePayload + kPayloadPerByte * position_) {
        fail("the pickle stream copies its values over and over");
    }
    arena_.push_back(std::move(value));
    return &arena_.back();
}

PickleValue* Unpickler::top() {
    if (stack_.empty() || (!marks_.empty() && marks_.back() == stack_.size())) {
        fail("the pickle stream takes a value that is not there");
    }
    return stack_.back();
}

PickleValue* Unpickler::pop() {
    PickleValue* value = top();
    stack_.pop_back();
    return value;
}

Unpickler::Stack Unpickler::popToMark() {
    if (marks_.empty()) {
        fail("the pickle stream closes what it never opened");
    }
    const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    Stack items(begin, stack_.end());
    stack_.erase(begin, stack_.end());
    marks_.pop_back();
    return items;
}

void Unpickler::memoize(std::uint64_t index) {
    PickleValue* value = top();
    // Values are numbered in turn, and each took bytes.
    if (index > position_) {
        fail("the pickle stream numbers a value beyond its size");
    }
    if (index >= memo_.size()) {
        memo_.resize(index + 1, nullptr);
    }
    memo_[index] = value;
}

void Unpickler::recall(std::uint64_t index) {
    if (index >= memo_.size() || memo_[index] == nullptr) {
        fail("the pickle stream recalls a value that it never stored");
    }
    stack_.push_back(memo_[index]);
}

PickleRef Unpickler::read() {
    stack_.clear();
    marks_.clear();
    memo_.clear();
    try {
        while (step(std::uint8_t(take(1)[0]))) {
        }
    } catch (PickleProblem& problem) {
        problem.at = position_;
        throw;
    }
    return pop();
}

bool Unpickler::step(std::uint8_t opcode) {
    switch (opcode) {
    case '.':
        return false;
    case 0x80: // PROTO
        if (takeUnsigned(1) > 5) {
            fail("the pickle protocol is newer than 5");
        }
        return true;
    case 0x95: // FRAME
        takeUnsigned(8);
        return true;
    case '0': // POP
        if (!marks_.empty() && marks_.back() == stack_.size()) {
            marks_.pop_back();
        } else {
            pop();
        }
        return true;
    case '1': // POP_MARK
        popToMark();
        return true;
    case '2': // DUP
        stack_.push_back(top());
        return true;
    case '(':
        marks_.push_back(stack_.size());
        return true;
    default:
        break;
    }
    if (!stepMemo(opcode) && !stepNumber(opcode) && !stepText(opcode) && !stepContainer(opcode) &&
        !stepObject(opcode)) {
        fail("unknown pickle instruction " + std::to_string(opcode));
    }
    return true;
}

bool Unpickler::stepMemo(std::uint8_t opcode) {
    switch (opcode) {
    case 'p':
    case 'g': {
        const std::string line = takeLine();
        std::uint64_t index = 0;
        const char* end = line.data() + line.size();
        if (std::from_chars(line.data(), end, index).ptr != end || line.empty()) {
            fail("the pickle stream numbers a value by '" + line.substr(0, 20) + "'");
        }
        opcode == 'p' ? memoize(index) : recall(index);
        return true;
    }
    case 'q':
        memoize(takeUnsigned(1));
        return true;
    case 'r':
        memoize(takeUnsigned(4));
        return true;
    case 0x94: // MEMOIZE
        memoize(memo_.size());
        return true;
    case 'h':
        recall(takeUnsigned(1));
        return true;
    case 'j':
        recall(takeUnsigned(4));
        return true;
    default:
        return false;
    }
}

} // namespace vitreous
