#include <algorithm>
#include <string>

#include "core/base/npy.h"
#include "core/points/formats.h"

namespace vitreous {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 32;
constexpr std::size_t kBlock = std::size_t{1} << 20;

Array readArray(ByteSource& source) {
    if (source.remaining() > kMostBytes) {
        source.refuse("an array beyond 4 GiB");
    }
    std::string bytes;
    bytes.reserve(source.remaining());
    while (source.remaining() > 0) {
        const std::size_t count = std::min<std::uint64_t>(kBlock, source.remaining());
        const char* block = source.take(count);
        if (block == nullptr) {
            source.refuse("truncated while it was read");
        }
        bytes.append(block, count);
    }
    return parseNpy(bytes, source.path().string());
}

} // namespace

void readNpyPoints(ByteSource& source, CloudBuilder& builder) {
    const Array array = readArray(source);
    if (array.shape.size() != 2 || array.shape[1] < 3) {
        source.refuse(
            "an array of shape " + shapeText(array.shape) + ", expected (points, 3 or more)");
    }
    const auto points = std::size_t(array.shape[0]);
    const auto columns = std::size_t(array.shape[1]);
    builder.reserve(points, false);
    for (std::size_t i = 0; i < points; ++i) {
        if (i % kBlock == 0) {
            source.task().checkStop();
        }
        const float* row = array.values.data() + i * columns;
        builder.add({row[0], row[1], row[2]});
    }
}

} // namespace vitreous
