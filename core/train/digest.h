#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace vitreous {

/// FNV-1a: tells data apart that differ by accident, no more.
class Digest {
public:
    void add(std::span<const std::byte> bytes) {
        for (const std::byte byte : bytes) {
            value_ = (value_ ^ std::to_integer<std::uint64_t>(byte)) * 1099511628211U;
        }
    }
    [[nodiscard]] std::uint64_t value() const { return value_; }
    /// Sixteen hexadecimal digits.
    [[nodiscard]] std::string text() const;

private:
    std::uint64_t value_ = 14695981039346656037U;
};

} // namespace vitreous
