#include <algorithm>
#include <array>
#include <optional>

#include "core/points/formats.h"
#include "core/points/ply_header.h"

namespace vitreous {
namespace {

/// Where a vertex has its coordinates and colours, as positions among its properties.
struct VertexSlots {
    std::array<std::size_t, 3> position{};
    std::optional<std::array<std::size_t, 3>> color;
};

std::optional<std::array<std::size_t, 3>> findThree(
    const PlyElement& element,
    const std::array<std::string_view, 3>& names) {
    std::array<std::size_t, 3> found{};
    for (std::size_t i = 0; i < 3; ++i) {
        const auto at = std::find_if(
            element.properties.begin(), element.properties.end(), [&](const PlyProperty& property) {
                return property.name == names[i] && !property.count_type;
            });
        if (at == element.properties.end()) {
            return std::nullopt;
        }
        found[i] = std::size_t(at - element.properties.begin());
    }
    return found;
}

VertexSlots slotsOf(const PlyElement& element, const ByteSource& source) {
    const auto position = findThree(element, {"x", "y", "z"});
    if (!position) {
        source.refuse("the PLY vertices lack x, y or z");
    }
    VertexSlots found{*position, findThree(element, {"red", "green", "blue"})};
    if (!found.color) {
        found.color = findThree(element, {"r", "g", "b"});
    }
    if (!found.color) {
        found.color = findThree(element, {"diffuse_red", "diffuse_green", "diffuse_blue"});
    }
    return found;
}

/// Reads the elements of a file, of which it knows vertices and faces.
class BodyReader {
public:
    BodyReader(const PlyHeader& header, ByteSource& source, CloudBuilder& builder)
        : is_ascii_(header.encoding == PlyEncoding::Ascii),
          is_big_(header.encoding == PlyEncoding::Big), source_(source), builder_(builder) {}

    void readVertices(const PlyElement& element) {
        const VertexSlots places = slotsOf(element, source_);
        if (element.count == 0) {
            source_.refuse("no points, expected at least one vertex");
        }
        checkElement(element);
        builder_.reserve(element.count, places.color.has_value());
        values_.resize(element.properties.size());
        const bool is_plain = !is_ascii_ && !element.hasLists();
        for (std::uint64_t i = 0; i < element.count; ++i) {
            if (is_plain ? !readPlain(element) : !readRecord(element, nullptr)) {
                refuseTruncated(source_, i, element.count, "points");
            }
            addVertex(element, places);
        }
    }

    void readFaces(const PlyElement& element) {
        const PlyProperty* corners = nullptr;
        for (const PlyProperty& property : element.properties) {
            if (property.count_type &&
                (property.name == "vertex_indices" || property.name == "vertex_index")) {
                corners = &property;
            }
        }
        readOthers(element, builder_.wantsFaces() ? corners : nullptr);
    }

    /// Passes over an element, but for the corners of its faces.
    void readOthers(const PlyElement& element, const PlyProperty* corners) {
        if (element.properties.empty()) {
            return;
        }
        checkElement(element);
        values_.resize(element.properties.size());
        if (!is_ascii_ && !element.hasLists()) {
            if (!source_.skip(element.count * element.binarySize())) {
                refuseTruncated(source_, 0, element.count, element.name);
            }
            return;
        }
        for (std::uint64_t i = 0; i < element.count; ++i) {
            if (!readRecord(element, corners)) {
                refuseTruncated(source_, i, element.count, shown(element.name) + " elements");
            }
        }
    }

private:
    void checkElement(const PlyElement& element) {
        const std::uint64_t least =
            is_ascii_ ? 2 * element.properties.size() : element.binarySize();
        checkPromise(
            source_, element.count, std::max<std::uint64_t>(1, least),
            element.name == "vertex" ? "points" : shown(element.name) + " elements");
    }

    bool readPlain(const PlyElement& element) {
        const char* bytes = source_.take(element.binarySize());
        if (bytes == nullptr) {
            return false;
        }
        for (std::size_t i = 0; i < values_.size(); ++i) {
            values_[i] = scalarValue(bytes, element.properties[i].type, is_big_);
            bytes += scalarSize(element.properties[i].type);
        }
        return true;
    }

    bool readRecord(const PlyElement& element, const PlyProperty* corners) {
        if (is_ascii_) {
            std::string_view line;
            if (!source_.filledLine(line)) {
                return false;
            }
            words_ = Words(line);
        }
        for (std::size_t i = 0; i < element.properties.size(); ++i) {
            const PlyProperty& property = element.properties[i];
            const bool is_read = property.count_type ? readList(property, &property == corners)
                                                     : readValue(property.type, values_[i]);
            if (!is_read) {
                return false;
            }
        }
        return true;
    }

    bool readList(const PlyProperty& property, bool are_corners) {
        double length = 0.0;
        if (!readValue(*property.count_type, length)) {
            return false;
        }
        if (!(length >= 0.0 && length < 4294967296.0)) {
            source_.refuse("a PLY list has a length that makes no sense");
        }
        const auto count = static_cast<std::uint64_t>(length);
        if (!is_ascii_ && !are_corners) {
            return source_.skip(count * scalarSize(property.type));
        }
        PolygonFan fan(builder_, source_);
        double value = 0.0;
        for (std::uint64_t i = 0; i < count; ++i) {
            if (!readValue(property.type, value)) {
                return false;
            }
            if (are_corners) {
                fan.add(value);
            }
        }
        return true;
    }

    bool readValue(Scalar type, double& value) {
        if (is_ascii_) {
            std::string_view word;
            if (!words_.next(word)) {
                source_.refuseLine("too few numbers, expected one for each property");
            }
            if (!parseNumber(word, value)) {
                source_.refuseLine(shown(word) + " is no number");
            }
            return true;
        }
        const char* bytes = source_.take(scalarSize(type));
        if (bytes != nullptr) {
            value = scalarValue(bytes, type, is_big_);
        }
        return bytes != nullptr;
    }

    void addVertex(const PlyElement& element, const VertexSlots& places) {
        std::array<double, 3> position{};
        Rgb color{};
        for (std::size_t i = 0; i < 3; ++i) {
            position[i] = values_[places.position[i]];
            if (places.color) {
                const std::size_t at = (*places.color)[i];
                color[i] = colorSample(values_[at], element.properties[at].type);
            }
        }
        if (places.color) {
            builder_.add(position, color);
        } else {
            builder_.add(position);
        }
    }

    bool is_ascii_;
    bool is_big_;
    ByteSource& source_;
    CloudBuilder& builder_;
    std::vector<double> values_; ///< of one element's properties
    Words words_{std::string_view()};
};

} // namespace

void readPly(ByteSource& source, CloudBuilder& builder) {
    const PlyHeader header = readPlyHeader(source);
    const auto named = [&](std::string_view name) {
        return std::count_if(
            header.elements.begin(), header.elements.end(),
            [&](const PlyElement& element) { return element.name == name; });
    };
    if (named("vertex") != 1) {
        source.refuse(
            "the PLY header has " + std::to_string(named("vertex")) +
            " elements vertex, expected one");
    }
    BodyReader body(header, source, builder);
    for (const PlyElement& element : header.elements) {
        if (element.name == "vertex") {
            body.readVertices(element);
            if (!builder.wantsFaces()) {
                return; // nothing that follows matters
            }
        } else if (element.name == "face") {
            body.readFaces(element);
        } else {
            body.readOthers(element, nullptr);
        }
    }
}

} // namespace vitreous
