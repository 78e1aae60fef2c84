#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace vitreous::testing {

/// An integer's bytes, little-endian.
template <typename T>
std::string packed(T value) {
    std::string bytes(sizeof value, '\0');
    std::memcpy(bytes.data(), &value, sizeof value);
    return bytes;
}

/// A pickle's instructions for a short text.
inline std::string pickled(const std::string& text) {
    return "X" + packed(std::uint32_t(text.size())) + text;
}

/// The magic number, the version and the system that a legacy file begins with.
inline std::string legacyPreamble() {
    return std::string("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15) +
           "\x80\x02M\xe9\x03."
           "\x80\x02}.";
}

/// A legacy file: a pickled object (without its STOP) and one storage of float32 values, "0".
inline std::string legacyFile(const std::string& object, const std::vector<float>& values) {
    std::string bytes = legacyPreamble() + "\x80\x02" + object + ".\x80\x02](" + pickled("0") +
                        "e." + packed(std::int64_t(values.size()));
    bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float));
    return bytes;
}

/// A pickle's instructions for a whole number.
inline std::string pickled(std::int64_t value) {
    return std::string("\x8a\x08", 2) + packed(value);
}

/// What tells one float32 tensor of storage "0" from another. view: offset and count of a legacy
/// view of the storage; empty: none.
struct HandMadeTensor {
    std::int64_t storage_count = 0;
    std::int64_t offset = 0;
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides;
    std::vector<std::int64_t> view = {};
};

/// A pickle's instructions for that tensor.
inline std::string pickled(const HandMadeTensor& tensor) {
    const auto tuple = [](const std::vector<std::int64_t>& numbers) {
        std::string text = "(";
        for (const std::int64_t number : numbers) {
            text += pickled(number);
        }
        return text + "t";
    };
    const std::string view = tensor.view.empty() ? "N"
                                                 : "(" + pickled("v") + pickled(tensor.view[0]) +
                                                       pickled(tensor.view[1]) + "t";
    return "ctorch._utils\n_rebuild_tensor\n((" + pickled("storage") + "ctorch\nFloatStorage\n" +
           pickled("0") + pickled("cpu") + pickled(tensor.storage_count) + view + "tQ" +
           pickled(tensor.offset) + tuple(tensor.shape) + tuple(tensor.strides) + "tR";
}

/// A pickle's instructions for {"w": tensor}.
inline std::string pickledState(const HandMadeTensor& tensor, const std::string& name = "w") {
    return "}" + pickled(name) + pickled(tensor) + "s";
}

} // namespace vitreous::testing
