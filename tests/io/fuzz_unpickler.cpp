// For libFuzzer: clang++ -fsanitize=fuzzer,address. The ordinary tests call it with damaged files.

#include "core/io/state_dict.h"
#include "core/io/unpickler.h"

int fuzzUnpickler(const std::uint8_t* data, std::size_t size);

int fuzzUnpickler(const std::uint8_t* data, std::size_t size) {
    vitreous::Unpickler unpickler({reinterpret_cast<const std::byte*>(data), size});
    try {
        static_cast<void>(vitreous::toJson(unpickler.read()));
    } catch (const vitreous::PickleProblem&) {
    }
    return 0;
}

extern "C" __attribute__((weak)) int LLVMFuzzerTestOneInput(
    const std::uint8_t* data,
    std::size_t size) {
    return fuzzUnpickler(data, size);
}
