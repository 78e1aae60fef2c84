#include "core/points/ply_header.h"

#include <algorithm>
#include <array>
#include <utility>

namespace vitreous {
namespace {

constexpr std::size_t kMostElements = 64;
constexpr std::size_t kMostProperties = 1024;

constexpr std::array<std::pair<std::string_view, Scalar>, 16> kTypes = {{
    {"char", Scalar::Int8},
    {"int8", Scalar::Int8},
    {"uchar", Scalar::Uint8},
    {"uint8", Scalar::Uint8},
    {"short", Scalar::Int16},
    {"int16", Scalar::Int16},
    {"ushort", Scalar::Uint16},
    {"uint16", Scalar::Uint16},
    {"int", Scalar::Int32},
    {"int32", Scalar::Int32},
    {"uint", Scalar::Uint32},
    {"uint32", Scalar::Uint32},
    {"float", Scalar::Float32},
    {"float32", Scalar::Float32},
    {"double", Scalar::Float64},
    {"float64", Scalar::Float64},
}};

class HeaderReader {
public:
    explicit HeaderReader(ByteSource& source) : source_(source) {}

    PlyHeader read() {
        std::string_view line;
        if (!source_.line(line) || word(line) != "ply") {
            source_.refuse("is no PLY file, expected \"ply\" in its first line");
        }
        while (source_.filledLine(line)) {
            const std::string_view keyword = word(line);
            if (keyword == "end_header") {
                finish();
                return std::move(header_);
            }
            readLine(keyword);
        }
        source_.refuse("the PLY header ends without end_header");
    }

private:
    /// The first word of a line, whose others word() gives.
    std::string_view word(std::string_view line) {
        words_ = Words(line);
        return word();
    }

    std::string_view word() {
        std::string_view found;
        return words_.next(found) ? found : std::string_view();
    }

    void readLine(std::string_view keyword) {
        if (keyword == "format") {
            readFormat();
        } else if (keyword == "element") {
            readElement();
        } else if (keyword == "property") {
            readProperty();
        } else if (keyword != "comment" && keyword != "obj_info") {
            source_.refuseLine(
                "the PLY header has " + shown(keyword) +
                ", expected format, comment, element, property or end_header");
        }
    }

    void readFormat() {
        const std::string_view name = word();
        if (name == "ascii") {
            header_.encoding = PlyEncoding::Ascii;
        } else if (name == "binary_little_endian") {
            header_.encoding = PlyEncoding::Little;
        } else if (name == "binary_big_endian") {
            header_.encoding = PlyEncoding::Big;
        } else {
            source_.refuseLine(
                "the PLY format is " + shown(name) +
                ", expected ascii, binary_little_endian or binary_big_endian");
        }
        has_format_ = true;
    }

    void readElement() {
        PlyElement element;
        element.name = word();
        if (element.name.empty() || !parseCount(word(), element.count) ||
            header_.elements.size() == kMostElements) {
            source_.refuseLine("malformed PLY header, expected an element's name and count");
        }
        header_.elements.push_back(std::move(element));
    }

    Scalar type() {
        const std::string_view name = word();
        for (const auto& [known, scalar] : kTypes) {
            if (known == name) {
                return scalar;
            }
        }
        source_.refuseLine(
            "the PLY header has type " + shown(name) + ", expected one such as float or uchar");
    }

    void readProperty() {
        if (header_.elements.empty() ||
            header_.elements.back().properties.size() == kMostProperties) {
            source_.refuseLine("malformed PLY header, expected an element before this property");
        }
        PlyProperty property;
        const Words before = words_;
        if (word() == "list") {
            property.count_type = type();
            if (*property.count_type >= Scalar::Float32) {
                source_.refuseLine("a PLY list's length is floating point, expected an integer");
            }
        } else {
            words_ = before;
        }
        property.type = type();
        property.name = word();
        if (property.name.empty()) {
            source_.refuseLine("malformed PLY header, expected a property's name");
        }
        header_.elements.back().properties.push_back(std::move(property));
    }

    void finish() {
        if (!has_format_) {
            source_.refuse("the PLY header lacks its format, expected one such as ascii 1.0");
        }
    }

    ByteSource& source_;
    Words words_{std::string_view()};
    PlyHeader header_;
    bool has_format_ = false;
};

} // namespace

std::uint64_t PlyElement::binarySize() const {
    std::uint64_t size = 0;
    for (const PlyProperty& property : properties) {
        size += scalarSize(property.count_type.value_or(property.type));
    }
    return size;
}

bool PlyElement::hasLists() const {
    return std::any_of(properties.begin(), properties.end(), [](const PlyProperty& property) {
        return property.count_type.has_value();
    });
}

PlyHeader readPlyHeader(ByteSource& source) {
    return HeaderReader(source).read();
}

} // namespace vitreous
