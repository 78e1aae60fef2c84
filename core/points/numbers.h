#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace vitreous {

/// Reads a whole word as a number, "nan" and "inf" among them, in no locale; false where it is
/// none.
bool parseNumber(std::string_view word, double& value);
/// The same for a count; false where the word is none or has over 18 digits.
bool parseCount(std::string_view word, std::uint64_t& count);
/// A word of a file as a message may show it: printable and short.
std::string shown(std::string_view word);

/// The words of a line, parted by blanks and, where asked for, by a comma or semicolon each: two of
/// these in a row have an empty word between them.
class Words {
public:
    explicit Words(std::string_view line, bool with_commas = false)
        : line_(line), with_commas_(with_commas) {
        skipBlanks();
    }

    bool next(std::string_view& word);

private:
    void skipBlanks();
    [[nodiscard]] bool isComma() const;

    std::string_view line_;
    bool with_commas_;
};

/// The types of numbers in binary files.
enum class Scalar { Int8, Uint8, Int16, Uint16, Int32, Uint32, Int64, Uint64, Float32, Float64 };

std::size_t scalarSize(Scalar type);
/// The number that stands there. is_big: big-endian, else little-endian.
double scalarValue(const char* bytes, Scalar type, bool is_big);

/// A colour sample as 8 bits: 16 bits are scaled, floating point is 0..1, else it is clamped.
std::uint8_t colorSample(double value, Scalar type);

} // namespace vitreous
