#include "core/points/numbers.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

namespace vitreous {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::string_view kBlanks = " \t\r\f\v";

template <typename T>
double as(const std::array<char, 8>& bytes) {
    T value{};
    std::memcpy(&value, bytes.data(), sizeof value);
    return static_cast<double>(value);
}

} // namespace

bool parseNumber(std::string_view word, double& value) {
    if (word.size() > 1 && word.front() == '+' && word[1] != '-') {
        word.remove_prefix(1); // from_chars knows no plus
    }
    const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (problem == std::errc::result_out_of_range) {
        const bool is_tiny =
            word.find("e-") != std::string_view::npos || word.find("E-") != std::string_view::npos;
        value = is_tiny ? 0.0 : std::numeric_limits<double>::infinity();
    } else if (problem != std::errc{}) {
        return false;
    }
    return end == word.data() + word.size();
}

bool parseCount(std::string_view word, std::uint64_t& count) {
    const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), count);
    return problem == std::errc{} && end == word.data() + word.size() && word.size() <= 18;
}

std::string shown(std::string_view word) {
    std::string text(word.substr(0, 24));
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
    return "\"" + text + (word.size() > 24 ? "...\"" : "\"");
}

void Words::skipBlanks() {
    line_.remove_prefix(std::min(line_.find_first_not_of(kBlanks), line_.size()));
}

bool Words::isComma() const {
    return with_commas_ && !line_.empty() && (line_.front() == ',' || line_.front() == ';');
}

bool Words::next(std::string_view& word) {
    if (line_.empty()) {
        return false;
    }
    const std::string_view ends = with_commas_ ? " \t\r\f\v,;" : kBlanks;
    word = line_.substr(0, line_.find_first_of(ends));
    line_.remove_prefix(word.size());
    skipBlanks();
    if (isComma()) {
        line_.remove_prefix(1);
        skipBlanks();
    }
    return true;
}

std::size_t scalarSize(Scalar type) {
    constexpr std::array<std::size_t, 10> sizes = {1, 1, 2, 2, 4, 4, 8, 8, 4, 8};
    return sizes[std::size_t(type)];
}

double scalarValue(const char* bytes, Scalar type, bool is_big) {
    std::array<char, 8> own{};
    const std::size_t size = scalarSize(type);
    std::memcpy(own.data(), bytes, size);
    if (is_big) {
        std::reverse(own.begin(), own.begin() + std::ptrdiff_t(size));
    }
    switch (type) {
    case Scalar::Int8:
        return as<std::int8_t>(own);
    case Scalar::Uint8:
        return as<std::uint8_t>(own);
    case Scalar::Int16:
        return as<std::int16_t>(own);
    case Scalar::Uint16:
        return as<std::uint16_t>(own);
    case Scalar::Int32:
        return as<std::int32_t>(own);
    case Scalar::Uint32:
        return as<std::uint32_t>(own);
    case Scalar::Int64:
        return as<std::int64_t>(own);
    case Scalar::Uint64:
        return as<std::uint64_t>(own);
    case Scalar::Float32:
        return as<float>(own);
    case Scalar::Float64:
        break;
    }
    return as<double>(own);
}

std::uint8_t colorSample(double value, Scalar type) {
    if (type == Scalar::Uint16) {
        value /= 257.0;
    } else if (type == Scalar::Float32 || type == Scalar::Float64) {
        value *= 255.0;
    }
    // NaN compares false and becomes 0.
    return value > 0.0 ? static_cast<std::uint8_t>(std::lround(std::min(value, 255.0))) : 0;
}

} // namespace vitreous
