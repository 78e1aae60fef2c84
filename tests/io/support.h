#pragma once

#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/io/checkpoint.h"

namespace vitreous::testing {

inline std::string bytesOf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline void writeBytes(const std::string& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary).write(bytes.data(), std::streamsize(bytes.size()));
}

/// The values of a float32 tensor, by its strides.
inline std::vector<float> valuesOf(const TensorEntry& entry) {
    std::vector<float> values;
    std::vector<std::int64_t> index(entry.shape.size(), 0);
    std::int64_t count = 1;
    for (const std::int64_t side : entry.shape) {
        count *= side;
    }
    for (std::int64_t i = 0; i < count; ++i) {
        std::int64_t at = 0;
        for (std::size_t d = 0; d < index.size(); ++d) {
            at += index[d] * entry.strides[d];
        }
        float value = 0.0f;
        std::memcpy(&value, entry.bytes.data() + at * std::int64_t(sizeof value), sizeof value);
        values.push_back(value);
        for (std::size_t d = index.size(); d-- > 0 && ++index[d] == entry.shape[d];) {
            index[d] = 0;
        }
    }
    return values;
}

/// The message of the Error{Model} that work throws; "" where it throws none, "?" where it is no
/// such error or not one line.
inline std::string messageOf(const std::function<void()>& work) {
    try {
        work();
    } catch (const Error& error) {
        const std::string message = error.what();
        return error.code() == ErrorCode::Model && message.find('\n') == std::string::npos ? message
                                                                                           : "?";
    }
    return "";
}

} // namespace vitreous::testing
