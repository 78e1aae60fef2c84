#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/points/byte_source.h"
#include "core/points/numbers.h"

namespace vitreous {

struct PlyProperty {
    std::string name;
    Scalar type = Scalar::Float32;
    std::optional<Scalar> count_type; ///< of a list's length; none for a single number
};

struct PlyElement {
    std::string name;
    std::uint64_t count = 0;
    std::vector<PlyProperty> properties;

    /// Bytes of one in a binary file, with its lists empty.
    [[nodiscard]] std::uint64_t binarySize() const;
    [[nodiscard]] bool hasLists() const;
};

enum class PlyEncoding { Ascii, Little, Big };

struct PlyHeader {
    PlyEncoding encoding = PlyEncoding::Ascii;
    std::vector<PlyElement> elements;
};

/// Reads up to and with the line end_header. Throws Error{Input}, path last.
PlyHeader readPlyHeader(ByteSource& source);

} // namespace vitreous
