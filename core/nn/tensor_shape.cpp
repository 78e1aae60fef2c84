#include "core/nn/tensor_shape.h"

#include <algorithm>

#include "core/base/array.h"
#include "core/base/error.h"

namespace vitreous {

void refuseModel(const std::filesystem::path& path, const std::string& what) {
    throw Error(ErrorCode::Model, what + ": " + path.string());
}

std::vector<std::int64_t> shapeOf(
    const std::filesystem::path& path,
    const NameMapping& mapping,
    const std::string& name,
    std::size_t dimensions) {
    if (!mapping.has(name)) {
        refuseModel(path, "missing tensor " + name);
    }
    std::vector<std::int64_t> shape = mapping.shape(name);
    const bool sane = std::all_of(shape.begin(), shape.end(), [](std::int64_t n) {
        return n >= 1 && n <= (std::int64_t{1} << 24);
    });
    if (shape.size() != dimensions || !sane) {
        refuseModel(
            path, name + ": expected " + std::to_string(dimensions) + " dimensions, found " +
                      shapeText(shape));
    }
    return shape;
}

} // namespace vitreous
