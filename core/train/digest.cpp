#include "core/train/digest.h"

#include <array>
#include <cstdio>

namespace vitreous {

std::string Digest::text() const {
    std::array<char, 20> digits{};
    std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(value_));
    return digits.data();
}

} // namespace vitreous
