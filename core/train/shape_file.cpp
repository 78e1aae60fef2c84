#include "core/train/shape_file.h"

#include <bit>
#include <cstdint>
#include <string>

#include "core/base/file_output.h"

namespace vitreous {
namespace {

void addLittleEndian(std::string& bytes, float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (const unsigned shift : {0U, 8U, 16U, 24U}) {
        bytes += static_cast<char>(bits >> shift & 0xffU);
    }
}

} // namespace

void writeShape(const std::filesystem::path& path, const Shape& shape, int label) {
    std::string text = "ply\nformat binary_little_endian 1.0\ncomment class " +
                       shapeClasses().at(std::size_t(label)) + "\ncomment parts";
    for (const std::string& part : shapeParts(label)) {
        text += " " + part;
    }
    text += "\nelement vertex " + std::to_string(shape.cloud.size()) +
            "\nproperty float x\nproperty float y\nproperty float z\nproperty uchar part\n"
            "end_header\n";
    for (std::size_t i = 0; i < shape.cloud.size(); ++i) {
        for (std::size_t axis = 0; axis < 3; ++axis) {
            addLittleEndian(text, shape.cloud.positions[3 * i + axis]);
        }
        text += static_cast<char>(shape.parts[i]);
    }
    writeFileWhole(path, text);
}

} // namespace vitreous
