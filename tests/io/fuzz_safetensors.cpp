// For libFuzzer, as fuzz_unpickler.cpp: the whole reader, through a file in memory.

#include <sys/mman.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/io/checkpoint.h"

int fuzzCheckpoint(const std::uint8_t* data, std::size_t size);

int fuzzCheckpoint(const std::uint8_t* data, std::size_t size) {
    const int file = memfd_create("fuzz", 0);
    if (file < 0 || write(file, data, size) != ssize_t(size)) {
        return -1;
    }
    int opened = 0;
    try {
        const auto checkpoint = vitreous::openCheckpoint("/proc/self/fd/" + std::to_string(file));
        // Every byte that an entry claims has to be there.
        for (const vitreous::TensorEntry& entry : checkpoint.tensors) {
            volatile std::byte last{};
            if (!entry.bytes.empty()) {
                last = entry.bytes.back();
            }
            static_cast<void>(last);
        }
        opened = 1;
    } catch (const vitreous::Error&) {
    }
    close(file);
    return opened;
}

extern "C" __attribute__((weak)) int LLVMFuzzerTestOneInput(
    const std::uint8_t* data,
    std::size_t size) {
    fuzzCheckpoint(data, size);
    return 0;
}
