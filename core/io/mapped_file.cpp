#include "core/io/mapped_file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"

namespace vitreous {

std::shared_ptr<const MappedFile> MappedFile::open(const std::filesystem::path& path) {
    const auto refuse = [&path](const std::string& what) {
        throw Error(ErrorCode::Model, what + ": " + path.string());
    };
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        refuse(std::string("cannot be opened, ") + std::strerror(errno));
    }
    struct stat status {};
    const bool known = fstat(descriptor, &status) == 0;
    void* address = MAP_FAILED;
    if (known && S_ISREG(status.st_mode) && status.st_size > 0) {
        address = mmap(
            nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_PRIVATE, descriptor,
            0);
    }
    const int problem = errno;
    ::close(descriptor);
    if (!known || !S_ISREG(status.st_mode)) {
        refuse("is no regular file");
    }
    if (status.st_size == 0) {
        refuse("the file is empty, expected a checkpoint");
    }
    if (address == MAP_FAILED) {
        refuse(std::string("cannot be mapped, ") + std::strerror(problem));
    }
    return std::shared_ptr<const MappedFile>(new MappedFile(
        {static_cast<const std::byte*>(address), static_cast<std::size_t>(status.st_size)}));
}

MappedFile::~MappedFile() {
    munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

} // namespace vitreous
