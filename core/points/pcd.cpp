#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "core/points/formats.h"
#include "core/points/lzf.h"
#include "core/points/numbers.h"

namespace vitreous {
namespace {

constexpr std::size_t kMostFields = 1024;
constexpr std::uint64_t kMostCount = 1U << 16U; // numbers in a field
constexpr std::uint64_t kStopEvery = 1U << 16U; // points between two looks at the task

struct Field {
    std::string name;
    std::uint64_t size = 4;
    char type = 'F';
    std::uint64_t count = 1;
    std::uint64_t before = 0;       ///< bytes of the fields before it in a point
    std::uint64_t words_before = 0; ///< numbers of the fields before it in a row
    std::optional<Scalar> scalar;   ///< none for a type that this reader does not know
};

struct Header {
    std::vector<Field> fields;
    std::uint64_t width = 0;
    std::uint64_t height = 1;
    std::optional<std::uint64_t> points;
    std::string data;
    std::uint64_t stride = 0; ///< bytes of a point
    std::uint64_t words = 0;  ///< numbers of a row
};

std::optional<Scalar> scalarOf(char type, std::uint64_t size) {
    constexpr std::array<Scalar, 4> sign = {
        Scalar::Int8, Scalar::Int16, Scalar::Int32, Scalar::Int64};
    constexpr std::array<Scalar, 4> none = {
        Scalar::Uint8, Scalar::Uint16, Scalar::Uint32, Scalar::Uint64};
    if (type == 'F') {
        return size == 4   ? std::optional(Scalar::Float32)
               : size == 8 ? std::optional(Scalar::Float64)
                           : std::nullopt;
    }
    if ((type != 'I' && type != 'U') || !std::has_single_bit(size) || size > 8) {
        return std::nullopt;
    }
    const auto at = std::size_t(std::countr_zero(size));
    return type == 'I' ? sign[at] : none[at];
}

/// The bits of a colour that a text has as a number, which for floats is what they would be.
std::uint32_t bitsOfText(double value, const Field& field) {
    if (field.type == 'F') {
        return std::abs(value) <= 1e38 ? std::bit_cast<std::uint32_t>(static_cast<float>(value))
                                       : 0;
    }
    return std::abs(value) <= 4294967295.0
               ? static_cast<std::uint32_t>(static_cast<std::int64_t>(value))
               : 0;
}

class HeaderReader {
public:
    explicit HeaderReader(ByteSource& source) : source_(source) {}

    Header read() {
        std::string_view line;
        while (source_.filledLine(line)) {
            Words words(line);
            std::string_view keyword;
            words.next(keyword);
            if (!keyword.starts_with('#')) {
                readLine(keyword, words);
            }
            if (!header_.data.empty()) {
                finish();
                return std::move(header_);
            }
        }
        source_.refuse("the PCD header ends without DATA");
    }

private:
    void readLine(std::string_view keyword, Words words) {
        std::string_view word;
        if (keyword == "FIELDS" || keyword == "COLUMNS") {
            while (words.next(word) && header_.fields.size() < kMostFields) {
                header_.fields.emplace_back().name = word;
            }
        } else if (keyword == "SIZE" || keyword == "COUNT") {
            for (Field& field : header_.fields) {
                count(words, keyword == "SIZE" ? field.size : field.count, kMostCount);
            }
        } else if (keyword == "TYPE") {
            for (Field& field : header_.fields) {
                field.type = words.next(word) ? word.front() : '?';
            }
        } else if (keyword == "WIDTH") {
            count(words, header_.width, UINT32_MAX);
        } else if (keyword == "HEIGHT") {
            count(words, header_.height, UINT32_MAX);
        } else if (keyword == "POINTS") {
            count(words, header_.points.emplace(), INT64_MAX);
        } else if (keyword == "DATA") {
            header_.data = words.next(word) ? word : "?";
        } else if (keyword != "VERSION" && keyword != "VIEWPOINT") {
            source_.refuseLine(
                "the PCD header has " + shown(keyword) + ", expected one such as FIELDS or DATA");
        }
    }

    void count(Words& words, std::uint64_t& value, std::uint64_t most) {
        std::string_view word;
        if (!words.next(word) || !parseCount(word, value) || value > most) {
            source_.refuseLine("malformed PCD header, expected a count");
        }
    }

    void finish() {
        if (header_.data != "ascii" && header_.data != "binary" &&
            header_.data != "binary_compressed") {
            source_.refuse(
                "the PCD data is " + shown(header_.data) +
                ", expected ascii, binary or binary_compressed");
        }
        for (Field& field : header_.fields) {
            field.scalar = scalarOf(field.type, field.size);
            field.before = header_.stride;
            field.words_before = header_.words;
            header_.stride += field.size * field.count;
            header_.words += field.count;
        }
    }

    ByteSource& source_;
    Header header_;
};

/// Puts points together from the fields of a header.
class PointReader {
public:
    PointReader(const Header& header, ByteSource& source, CloudBuilder& builder)
        : header_(header), source_(source), builder_(builder) {
        for (std::size_t i = 0; i < 3; ++i) {
            axes_[i] = find(std::string(1, char('x' + i)));
            if (axes_[i] == nullptr || !axes_[i]->scalar) {
                source.refuse("the PCD fields lack x, y or z");
            }
        }
        for (const char* name : {"rgb", "rgba"}) {
            const Field* field = find(name);
            color_ = field != nullptr && field->size == 4 && field->scalar ? field : color_;
        }
        count_ = header.points.value_or(header.width * header.height);
        if (count_ == 0) {
            source.refuse("no points, expected at least one");
        }
    }

    void readAscii() {
        promise(2 * header_.words);
        std::vector<double> values(header_.words);
        std::string_view line;
        for (std::uint64_t i = 0; i < count_; ++i) {
            if (!source_.filledLine(line)) {
                refuseTruncated(source_, i, count_, "points");
            }
            Words words(line);
            std::string_view word;
            for (double& value : values) {
                if (!words.next(word)) {
                    source_.refuseLine(
                        "too few numbers, expected " + std::to_string(values.size()));
                }
                if (!parseNumber(word, value)) {
                    source_.refuseLine(shown(word) + " is no number");
                }
            }
            add([&](const Field& field) { return values[field.words_before]; },
                [&](const Field& field) { return bitsOfText(values[field.words_before], field); });
        }
    }

    void readBinary() {
        promise(header_.stride);
        for (std::uint64_t i = 0; i < count_; ++i) {
            const char* bytes = source_.take(header_.stride);
            if (bytes == nullptr) {
                refuseTruncated(source_, i, count_, "points");
            }
            addBinary([&](const Field& field) { return bytes + field.before; });
        }
    }

    /// Fields come one after the other here, each for all points.
    void readCompressed() {
        const std::vector<char> bytes = decompressed();
        builder_.reserve(count_, color_ != nullptr);
        for (std::uint64_t i = 0; i < count_; ++i) {
            if (i % kStopEvery == 0) {
                source_.task().checkStop();
            }
            addBinary([&](const Field& field) {
                return bytes.data() + field.before * count_ + i * field.size * field.count;
            });
        }
    }

private:
    const Field* find(std::string_view name) const {
        for (const Field& field : header_.fields) {
            if (field.name == name && field.count > 0) {
                return &field;
            }
        }
        return nullptr;
    }

    void promise(std::uint64_t least) {
        checkPromise(source_, count_, least, "points");
        builder_.reserve(count_, color_ != nullptr);
    }

    std::vector<char> decompressed() {
        const char* sizes = source_.take(8);
        if (sizes == nullptr) {
            source_.refuse("truncated: ends before the sizes of the compressed points");
        }
        const auto packed = std::uint64_t(scalarValue(sizes, Scalar::Uint32, false));
        const auto plain = std::uint64_t(scalarValue(sizes + 4, Scalar::Uint32, false));
        if (count_ > plain / header_.stride || plain != count_ * header_.stride) {
            source_.refuse(
                "promises " + std::to_string(count_) + " points of " +
                std::to_string(header_.stride) + " bytes each, but " + std::to_string(plain) +
                " bytes are compressed");
        }
        if (packed > source_.remaining()) {
            source_.refuse(
                "truncated: " + std::to_string(packed) + " compressed bytes expected, " +
                std::to_string(source_.remaining()) + " follow");
        }
        // Three bytes of LZF become 264 at the most.
        if (plain / 88 > packed) {
            source_.refuse("the compressed points cannot become as many as promised");
        }
        const char* start = source_.take(packed);
        std::vector<char> bytes(plain);
        if (start == nullptr || !decodeLzf({start, packed}, bytes)) {
            source_.refuse("the compressed points are damaged, expected LZF");
        }
        source_.release();
        return bytes;
    }

    template <typename BytesOf>
    void addBinary(const BytesOf& bytesOf) {
        add([&](const Field& field) { return scalarValue(bytesOf(field), *field.scalar, false); },
            [&](const Field& field) {
                // As integers: floats of such bits may be NaN, which conversions change.
                return static_cast<std::uint32_t>(
                    scalarValue(bytesOf(field), Scalar::Uint32, false));
            });
    }

    /// valueOf: the number in a field. bitsOf: the 32 bits of a field, 0xRRGGBB.
    template <typename ValueOf, typename BitsOf>
    void add(const ValueOf& valueOf, const BitsOf& bitsOf) {
        const std::array<double, 3> position = {
            valueOf(*axes_[0]), valueOf(*axes_[1]), valueOf(*axes_[2])};
        if (color_ == nullptr) {
            builder_.add(position);
            return;
        }
        const std::uint32_t bits = bitsOf(*color_);
        const auto sample = [bits](unsigned shift) {
            return static_cast<std::uint8_t>(bits >> shift & 255U);
        };
        builder_.add(position, {sample(16), sample(8), sample(0)});
    }

    const Header& header_;
    ByteSource& source_;
    CloudBuilder& builder_;
    std::array<const Field*, 3> axes_{};
    const Field* color_ = nullptr;
    std::uint64_t count_ = 0;
};

} // namespace

void readPcd(ByteSource& source, CloudBuilder& builder) {
    const Header header = HeaderReader(source).read();
    PointReader reader(header, source, builder);
    if (header.data == "ascii") {
        reader.readAscii();
    } else if (header.data == "binary") {
        reader.readBinary();
    } else {
        reader.readCompressed();
    }
}

} // namespace vitreous
