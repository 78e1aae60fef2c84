#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitreous {

/// Element types that checkpoints hold.
enum class DType { Float64, Float32, Float16, BFloat16, Int64, Int32, Int16, Int8, UInt8, Bool };

/// Size of one element in bytes.
std::size_t byteSize(DType dtype);

/// "float32", "bfloat16", ...
std::string_view name(DType dtype);

/// One tensor of a checkpoint: everything about it but its values, which stay in the mapped file
/// until they are asked for. Value type; copies share the mapping.
struct TensorEntry {
    std::string name;
    DType dtype = DType::Float32;
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides; ///< in elements; row-major unless the file holds a view

    /// The bytes from the tensor's first element to the end of its storage, in the mapped file, in
    /// native byte order; in memory where the file holds no plain bytes of it (arrays of numpy).
    /// The reader has checked that shape and strides stay inside. They live as long as `owner`. May
    /// be unaligned.
    std::span<const std::byte> bytes;
    std::shared_ptr<const void> owner;
};

/// True where the entry's elements lie one behind the other, the last dimension fastest.
bool isRowMajor(const TensorEntry& entry);

} // namespace vitreous
