#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <optional>
#include <regex>
#include <string_view>

#include "core/base/error.h"
#include "core/media/image_file.h"

namespace vitreous {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& what) {
    throw Error(ErrorCode::Input, what + ": " + path.string());
}

struct NpyHeader {
    char kind = 'f'; ///< 'f' or 'u'
    std::size_t size = 4;
    bool big_endian = false;
    bool fortran = false;
    std::vector<std::int64_t> shape;
    std::size_t data_at = 0;
};

NpyHeader parseHeader(const std::filesystem::path& path, const std::string& bytes) {
    if (bytes.size() < 12 || !bytes.starts_with("\x93NUMPY")) {
        refuse(path, "is no .npy file");
    }
    const bool wide = bytes[6] >= 2;
    const std::size_t prefix = wide ? 12 : 10;
    std::size_t length = 0;
    for (std::size_t i = prefix; i-- > 8;) {
        length = length << 8 | static_cast<unsigned char>(bytes[i]);
    }
    if (length > 65536 || length > bytes.size() - prefix) {
        refuse(
            path, "truncated: the .npy header goes beyond the file's end at byte " +
                      std::to_string(bytes.size()));
    }
    const std::string text = bytes.substr(prefix, length);
    static const std::regex descr(R"('descr'\s*:\s*'([<>|=])([a-z])(\d+)')");
    static const std::regex order(R"('fortran_order'\s*:\s*(True|False))");
    static const std::regex shape(R"('shape'\s*:\s*\(([\d,\s]*)\))");
    std::smatch found;
    NpyHeader header;
    header.data_at = prefix + length;
    if (!std::regex_search(text, found, descr)) {
        refuse(
            path,
            "expected an array of float32, float64, float16 or uint8, found a structured one");
    }
    const std::string type = found[2].str() + found[3].str();
    if (type != "f4" && type != "f8" && type != "f2" && type != "u1") {
        refuse(path, "expected float32, float64, float16 or uint8, found " + type);
    }
    header.kind = type[0];
    header.size = static_cast<std::size_t>(type[1] - '0');
    header.big_endian = found[1].str() == ">";
    if (!std::regex_search(text, found, order)) {
        refuse(path, "the .npy header lacks fortran_order");
    }
    header.fortran = found[1].str() == "True";
    if (!std::regex_search(text, found, shape)) {
        refuse(path, "the .npy header lacks shape");
    }
    const std::string sides = found[1].str();
    static const std::regex digits(R"(\d+)");
    for (std::sregex_iterator it(sides.begin(), sides.end(), digits), end; it != end; ++it) {
        if (it->str().size() > 12 || header.shape.size() == 16) {
            refuse(path, "the shape of the array makes no sense");
        }
        header.shape.push_back(std::stoll(it->str()));
    }
    return header;
}

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

float valueAt(const char* data, const NpyHeader& header) {
    std::array<char, 8> bytes{};
    std::memcpy(bytes.data(), data, header.size);
    if (header.big_endian) {
        std::reverse(bytes.begin(), bytes.begin() + std::ptrdiff_t(header.size));
    }
    if (header.kind == 'u') {
        return static_cast<unsigned char>(bytes[0]);
    }
    if (header.size == 8) {
        return static_cast<float>(std::bit_cast<double>(bytes));
    }
    if (header.size == 4) {
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

Array readNpy(const std::filesystem::path& path) {
    std::error_code problem;
    const std::uintmax_t size = std::filesystem::file_size(path, problem);
    if (problem) {
        refuse(path, "cannot be read, " + problem.message());
    }
    if (size > (std::uintmax_t{1} << 32)) {
        refuse(path, "an array beyond 4 GiB");
    }
    std::ifstream file(path, std::ios::binary);
    std::string bytes(size, '\0');
    if (!file.read(bytes.data(), std::streamsize(size))) {
        refuse(path, "cannot be read");
    }
    const NpyHeader header = parseHeader(path, bytes);
    std::uint64_t count = 1;
    for (const std::int64_t side : header.shape) {
        if (__builtin_mul_overflow(count, std::uint64_t(side), &count)) {
            refuse(path, "the shape of the array overflows");
        }
    }
    if (count > (bytes.size() - header.data_at) / header.size) {
        refuse(
            path, "truncated: " + std::to_string(count) +
                      " values expected, the file ends at byte " + std::to_string(bytes.size()));
    }
    Array array{header.shape, std::vector<float>(count)};
    for (std::size_t i = 0; i < count; ++i) {
        array.values[i] = valueAt(bytes.data() + header.data_at + i * header.size, header);
    }
    if (header.fortran && header.shape.size() > 1) {
        array.values = rowMajor(array.values, array.shape);
    }
    return array;
}

} // namespace vitreous
