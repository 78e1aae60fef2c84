#include <fstream>

#include "core/base/error.h"
#include "core/base/npy.h"
#include "core/media/image_file.h"

namespace vitreous {

Array readNpy(const std::filesystem::path& path) {
    const auto refuse = [&path](const std::string& what) {
        throw Error(ErrorCode::Input, what + ": " + path.string());
    };
    std::error_code problem;
    const std::uintmax_t size = std::filesystem::file_size(path, problem);
    if (problem) {
        refuse("cannot be read, " + problem.message());
    }
    if (size > (std::uintmax_t{1} << 32)) {
        refuse("an array beyond 4 GiB");
    }
    std::ifstream file(path, std::ios::binary);
    std::string bytes(size, '\0');
    if (!file.read(bytes.data(), std::streamsize(size))) {
        refuse("cannot be read");
    }
    return parseNpy(bytes, path.string());
}

} // namespace vitreous
