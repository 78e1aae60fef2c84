#include "core/points/h5_filters.h"

#include <utility>

#include <zlib.h>

namespace vitreous {
namespace {

bool inflateInto(std::string& bytes, std::size_t size) {
    std::string plain(size, '\0');
    uLongf length = size;
    const int status = uncompress(
        reinterpret_cast<Bytef*>(plain.data()), &length,
        reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    bytes = std::move(plain);
    return status == Z_OK && length == size;
}

void unshuffle(std::string& bytes, std::size_t value_bytes) {
    const std::size_t values = bytes.size() / value_bytes;
    std::string plain(bytes.size(), '\0');
    for (std::size_t i = 0; i < values; ++i) {
        for (std::size_t j = 0; j < value_bytes; ++j) {
            plain[i * value_bytes + j] = bytes[j * values + i];
        }
    }
    bytes = std::move(plain);
}

} // namespace

bool undoFilters(
    std::string& bytes,
    const std::vector<ChunkFilter>& filters,
    std::size_t value_bytes,
    std::size_t size) {
    for (std::size_t i = filters.size(); i-- > 0;) {
        if (filters[i] == ChunkFilter::Deflate) {
            // One filter only changes the number of bytes, and no file has it twice.
            if (!inflateInto(bytes, size)) {
                return false;
            }
        } else if (bytes.size() == size) {
            unshuffle(bytes, value_bytes);
        }
    }
    return bytes.size() == size;
}

} // namespace vitreous
