#include "core/base/npy.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/base/error.h"

namespace vitreous {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kMostHeader = 10000;
constexpr std::size_t kMostSides = 32; // NumPy's own limit

[[noreturn]] void refuse(const std::string& source, const std::string& what) {
    throw Error(ErrorCode::Input, what + ": " + source);
}

struct NpyHeader {
    std::string type; ///< "f4", ...
    bool big_endian = false;
    bool fortran = false;
    std::vector<std::int64_t> shape;
};

/// Reads the header's text, a Python dictionary of three entries.
class HeaderReader {
public:
    HeaderReader(std::string_view text, const std::string& source) : text_(text), source_(source) {}

    NpyHeader read() {
        NpyHeader header;
        std::string seen;
        expect('{');
        while (!take('}')) {
            const std::string_view key = quoted();
            expect(':');
            if (key == "descr") {
                readType(header);
            } else if (key == "fortran_order") {
                header.fortran = readTruth();
            } else if (key == "shape") {
                header.shape = readShape();
            } else {
                malformed();
            }
            seen += key.front();
            if (!take(',')) {
                expect('}');
                break;
            }
        }
        requireAll(seen);
        return header;
    }

private:
    [[noreturn]] void malformed() const { refuse(source_, "the .npy header is malformed"); }

    void requireAll(const std::string& seen) const {
        for (const std::string_view key : {"descr", "fortran_order", "shape"}) {
            if (seen.find(key.front()) == std::string::npos) {
                refuse(source_, "the .npy header lacks descr, fortran_order or shape");
            }
        }
    }

    bool take(char c) {
        at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
        if (at_ == text_.size() || text_[at_] != c) {
            return false;
        }
        ++at_;
        return true;
    }

    void expect(char c) {
        if (!take(c)) {
            malformed();
        }
    }

    std::string_view quoted() {
        const char quote = take('"') ? '"' : '\'';
        if (quote == '\'') {
            expect(quote);
        }
        const std::size_t end = text_.find(quote, at_);
        if (end == std::string_view::npos) {
            malformed();
        }
        const std::string_view word = text_.substr(at_, end - at_);
        at_ = end + 1;
        return word;
    }

    void readType(NpyHeader& header) {
        if (take('[')) {
            refuse(
                source_,
                "expected an array of float32, float64, float16 or uint8, found a structured one");
        }
        const std::string_view descr = quoted();
        header.type = descr.substr(std::min<std::size_t>(1, descr.size()));
        header.big_endian = descr.starts_with('>');
        if (header.type != "f4" && header.type != "f8" && header.type != "f2" &&
            header.type != "u1") {
            const std::size_t shown = std::min<std::size_t>(16, header.type.size());
            refuse(
                source_, "expected float32, float64, float16 or uint8, found " +
                             header.type.substr(0, shown));
        }
        if (std::string_view("<>|=").find(descr.front()) == std::string_view::npos) {
            malformed();
        }
    }

    bool readTruth() {
        for (const bool truth : {true, false}) {
            const std::string_view word = truth ? "True" : "False";
            if (take(word.front())) {
                if (!text_.substr(at_).starts_with(word.substr(1))) {
                    break;
                }
                at_ += word.size() - 1;
                return truth;
            }
        }
        refuse(source_, "fortran_order of the .npy header is neither True nor False");
    }

    std::vector<std::int64_t> readShape() {
        std::vector<std::int64_t> shape;
        expect('(');
        while (!take(')')) {
            at_ = std::min(text_.find_first_not_of(" \t", at_), text_.size());
            const std::size_t end =
                std::min(text_.find_first_not_of("0123456789", at_), text_.size());
            // Twelve digits can be multiplied without thought, and no real side has more.
            if (end == at_ || end - at_ > 12 || shape.size() == kMostSides) {
                refuse(source_, "the shape of the array makes no sense");
            }
            std::int64_t side = 0;
            for (; at_ < end; ++at_) {
                side = side * 10 + (text_[at_] - '0');
            }
            shape.push_back(side);
            if (!take(',')) {
                expect(')');
                break;
            }
        }
        return shape;
    }

    std::string_view text_;
    const std::string& source_;
    std::size_t at_ = 0;
};

float halfToFloat(std::uint16_t half) {
    const int exponent = half >> 10 & 31;
    const int fraction = half & 1023;
    const float sign = half >> 15 != 0 ? -1.0f : 1.0f;
    if (exponent == 31) {
        return fraction != 0 ? std::numeric_limits<float>::quiet_NaN()
                             : sign * std::numeric_limits<float>::infinity();
    }
    return exponent == 0 ? sign * std::ldexp(float(fraction), -24)
                         : sign * std::ldexp(float(fraction + 1024), exponent - 25);
}

float valueAt(const char* data, const NpyHeader& header, std::size_t size) {
    std::array<char, 8> bytes{};
    std::memcpy(bytes.data(), data, size);
    if (header.big_endian) {
        std::reverse(bytes.begin(), bytes.begin() + std::ptrdiff_t(size));
    }
    if (size == 1) {
        return static_cast<unsigned char>(bytes[0]);
    }
    if (size == 8) {
        return static_cast<float>(std::bit_cast<double>(bytes));
    }
    if (size == 4) {
        float value = 0.0f;
        std::memcpy(&value, bytes.data(), sizeof value);
        return value;
    }
    std::uint16_t half = 0;
    std::memcpy(&half, bytes.data(), sizeof half);
    return halfToFloat(half);
}

/// Column-major values in row-major order.
std::vector<float> rowMajor(
    const std::vector<float>& values,
    const std::vector<std::int64_t>& shape) {
    std::vector<float> result(values.size());
    std::vector<std::int64_t> index(shape.size(), 0);
    for (float& value : result) {
        std::int64_t at = 0;
        for (std::size_t i = shape.size(); i-- > 0;) {
            at = at * shape[i] + index[i];
        }
        value = values[std::size_t(at)];
        for (std::size_t i = shape.size(); i-- > 0 && ++index[i] == shape[i];) {
            index[i] = 0;
        }
    }
    return result;
}

} // namespace

Array parseNpy(std::string_view bytes, const std::string& source) {
    if (bytes.size() < 12 || !bytes.starts_with(kMagic)) {
        refuse(source, "is no .npy array");
    }
    const int version = static_cast<unsigned char>(bytes[6]);
    if (version < 1 || version > 3) {
        refuse(source, "expected .npy version 1 to 3, found " + std::to_string(version));
    }
    const std::size_t prefix = version == 1 ? 10 : 12;
    std::size_t length = 0;
    for (std::size_t i = prefix; i-- > 8;) {
        length = length << 8 | static_cast<unsigned char>(bytes[i]);
    }
    if (length > kMostHeader) {
        refuse(
            source, "a .npy header of " + std::to_string(length) + " bytes, expected at most " +
                        std::to_string(kMostHeader));
    }
    if (length > bytes.size() - prefix) {
        refuse(
            source, "truncated: the .npy header goes beyond the end at byte " +
                        std::to_string(bytes.size()));
    }
    NpyHeader header = HeaderReader(bytes.substr(prefix, length), source).read();
    const std::string_view data = bytes.substr(prefix + length);
    const auto size = static_cast<std::size_t>(header.type[1] - '0');
    std::uint64_t count = 1;
    for (const std::int64_t side : header.shape) {
        if (__builtin_mul_overflow(count, std::uint64_t(side), &count)) {
            refuse(source, "the shape of the array overflows");
        }
    }
    if (count > data.size() / size) {
        refuse(
            source, "truncated: " + std::to_string(count) +
                        " values expected, the array ends at byte " + std::to_string(bytes.size()));
    }
    Array array{std::move(header.shape), std::vector<float>(count)};
    if (header.type == "f4" && !header.big_endian) {
        std::copy_n(data.data(), count * size, reinterpret_cast<char*>(array.values.data()));
    } else {
        for (std::size_t i = 0; i < count; ++i) {
            array.values[i] = valueAt(data.data() + i * size, header, size);
        }
    }
    if (header.fortran && array.shape.size() > 1) {
        array.values = rowMajor(array.values, array.shape);
    }
    return array;
}

} // namespace vitreous
