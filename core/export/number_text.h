#pragma once

#include <array>
#include <charconv>
#include <string>

namespace vitreous {

/// The shortest text that reads back as this number, in no locale; "nan", "inf".
inline std::string numberText(float value) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    return {digits.data(), end.ptr};
}

} // namespace vitreous
