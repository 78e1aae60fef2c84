#pragma once

#include <cstdint>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include <QTemporaryDir>

#include "core/points/cloud_file.h"
#include "tests/support/failure.h"

namespace vitreous::testing {

/// The bytes of a number, little-endian or big-endian.
template <typename T>
std::string bytesOfNumber(T value, bool is_big = false) {
    std::string bytes(sizeof value, '\0');
    std::memcpy(bytes.data(), &value, sizeof value);
    return is_big ? std::string(bytes.rbegin(), bytes.rend()) : bytes;
}

template <typename T>
std::string bytesOfNumbers(std::initializer_list<T> values, bool is_big = false) {
    std::string bytes;
    for (const T value : values) {
        bytes += bytesOfNumber(value, is_big);
    }
    return bytes;
}

/// A folder of files of points.
class CloudFiles {
public:
    std::string write(const std::string& name, const std::string& bytes) const {
        std::string path = folder_.filePath(QString::fromStdString(name)).toStdString();
        std::ofstream(path, std::ios::binary).write(bytes.data(), std::streamsize(bytes.size()));
        return path;
    }

    PointCloud read(
        const std::string& name,
        const std::string& bytes,
        const CloudOptions& options = {}) const {
        return readPointCloud(write(name, bytes), options);
    }

    /// The message of reading such a file, which is to be one line of Error{Input} with the path
    /// last; "" where reading works, "?" where the error is another.
    std::string messageOf(
        const std::string& name,
        const std::string& bytes,
        const CloudOptions& options = {}) const {
        const std::string path = write(name, bytes);
        const Failure failure = failureOf([&] { readPointCloud(path, options); });
        if (failure.code == ErrorCode{} && failure.message.empty()) {
            return "";
        }
        const bool is_right = failure.code == ErrorCode::Input &&
                              failure.message.ends_with(": " + path) &&
                              failure.message.find('\n') == std::string::npos;
        return is_right ? failure.message : "?";
    }

    [[nodiscard]] std::string path(const std::string& name) const {
        return folder_.filePath(QString::fromStdString(name)).toStdString();
    }

private:
    QTemporaryDir folder_;
};

using Floats = std::vector<float>;
using Bytes = std::vector<std::uint8_t>;

} // namespace vitreous::testing
