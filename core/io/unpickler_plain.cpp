// The part of the unpickler that reads numbers and text.

#include <bit>
#include <charconv>

#include "core/io/unpickler.h"

namespace vitreous {

void Unpickler::pushLong(std::span<const std::byte> digits) {
    if (digits.size() > 8) {
        // Only torch's own magic number is that long; kept as its bytes.
        push({std::string(reinterpret_cast<const char*>(digits.data()), digits.size())});
        return;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        value |= std::uint64_t(digits[i]) << (8 * i);
    }
    if (!digits.empty() && digits.size() < 8 && (std::uint8_t(digits.back()) & 0x80U) != 0) {
        value |= ~std::uint64_t{0} << (8 * digits.size());
    }
    push({std::bit_cast<std::int64_t>(value)});
}

bool Unpickler::stepNumber(std::uint8_t opcode) {
    switch (opcode) {
    case 'N':
        push({PickleNone{}});
        return true;
    case 0x88:
        push({true});
        return true;
    case 0x89:
        push({false});
        return true;
    case 'K':
        push({std::int64_t(takeUnsigned(1))});
        return true;
    case 'M':
        push({std::int64_t(takeUnsigned(2))});
        return true;
    case 'J':
        push({std::int64_t(std::bit_cast<std::int32_t>(std::uint32_t(takeUnsigned(4))))});
        return true;
    case 'G': {
        std::uint64_t bits = 0;
        for (const std::byte digit : take(8)) {
            bits = bits << 8 | std::uint64_t(digit);
        }
        push({std::bit_cast<double>(bits)});
        return true;
    }
    case 0x8a:
        pushLong(take(takeUnsigned(1)));
        return true;
    case 0x8b:
        pushLong(take(takeUnsigned(4)));
        return true;
    case 'I':
    case 'L':
    case 'F': {
        const std::string line = takeLine();
        if (opcode == 'I' && (line == "00" || line == "01")) {
            push({line == "01"});
            return true;
        }
        const char* end = line.data() + line.size();
        std::int64_t whole = 0;
        double number = 0.0;
        if (opcode != 'F' && std::from_chars(line.data(), end, whole).ec == std::errc()) {
            push({whole});
        } else if (std::from_chars(line.data(), end, number).ec == std::errc()) {
            push({number});
        } else {
            push({line});
        }
        return true;
    }
    default:
        return false;
    }
}

bool Unpickler::stepText(std::uint8_t opcode) {
    switch (opcode) {
    case 'U':  // SHORT_BINSTRING
    case 'C':  // SHORT_BINBYTES
    case 0x8c: // SHORT_BINUNICODE
        push({takeText(1)});
        return true;
    case 'T': // BINSTRING
    case 'B': // BINBYTES
    case 'X': // BINUNICODE
        push({takeText(4)});
        return true;
    case 0x8d: // BINUNICODE8
    case 0x8e: // BINBYTES8
    case 0x96: // BYTEARRAY8
        push({takeText(8)});
        return true;
    case 'V':
        push({takeLine()});
        return true;
    case 'S': {
        std::string line = takeLine();
        if (line.size() >= 2 && (line.front() == '\'' || line.front() == '"')) {
            line = line.substr(1, line.size() - 2);
        }
        push({std::move(line)});
        return true;
    }
    default:
        return false;
    }
}

} // namespace vitreous
