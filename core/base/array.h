#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

namespace vitreous {

/// A dense float32 array in row-major order. values.size() is the product of the shape.
struct Array {
    std::vector<std::int64_t> shape;
    std::vector<float> values;

    friend bool operator==(const Array&, const Array&) = default;
};

/// Number of elements that a shape describes; 1 for the empty shape (a scalar).
inline std::int64_t elementCount(const std::vector<std::int64_t>& shape) {
    return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

/// "(384, 64)", "(384,)", as messages write shapes and NumPy prints them.
std::string shapeText(const std::vector<std::int64_t>& shape);

} // namespace vitreous
