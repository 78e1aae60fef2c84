#include "core/io/checkpoint.h"

#include <array>
#include <cstring>

#include "core/base/error.h"
#include "core/io/containers.h"

namespace vitreous {
namespace {

namespace fs = std::filesystem;

bool beginsWith(std::span<const std::byte> bytes, std::span<const std::uint8_t> sign) {
    return bytes.size() >= sign.size() && std::memcmp(bytes.data(), sign.data(), sign.size()) == 0;
}

/// A pickle of protocol 2 or later that begins with torch's magic number.
bool looksLegacy(std::span<const std::byte> bytes) {
    // 0x1950a86a20f9469cfc6c as a ten-byte integer.
    constexpr std::array<std::uint8_t, 12> kMagic = {0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46,
                                                     0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19};
    constexpr std::size_t kFrame = 9;
    if (bytes.size() < 3 || bytes[0] != std::byte{0x80} || bytes[1] < std::byte{2} ||
        bytes[1] > std::byte{5}) {
        return false;
    }
    const std::size_t skipped = 2 + (bytes[2] == std::byte{0x95} ? kFrame : 0);
    return bytes.size() > skipped && beginsWith(bytes.subspan(skipped), kMagic);
}

bool looksLikeSafetensors(std::span<const std::byte> bytes) {
    // A length whose upper bytes are zero, then an object.
    return bytes.size() >= 9 && bytes[6] == std::byte{0} && bytes[7] == std::byte{0} &&
           bytes[8] == std::byte{'{'};
}

void readFile(Checkpoint& checkpoint, const std::string& state) {
    constexpr std::array<std::uint8_t, 4> kZip = {'P', 'K', 3, 4};
    const auto file = MappedFile::open(checkpoint.path);
    const std::span<const std::byte> bytes = file->bytes();
    checkpoint.files = {checkpoint.path};
    checkpoint.file_bytes = bytes.size();
    if (beginsWith(bytes, kZip)) {
        readTorchZip(checkpoint, file, state);
    } else if (looksLegacy(bytes)) {
        readTorchLegacy(checkpoint, file, state);
    } else if (looksLikeSafetensors(bytes) || checkpoint.path.extension() == ".safetensors") {
        readSafetensors(checkpoint, file, state);
        const fs::path folder = checkpoint.path.parent_path();
        if (checkpoint.path.filename() == "model.safetensors") {
            // It replaces a config inside the file, where there is one.
            if (nlohmann::json config = readJsonFile(folder / "config.json"); !config.is_null()) {
                checkpoint.config = std::move(config);
            }
            checkpoint.preprocessor = readJsonFile(folder / "preprocessor_config.json");
        }
    } else {
        throw Error(
            ErrorCode::Model, "is no checkpoint, expected a file of torch.save, a .safetensors "
                              "file or a Hugging Face directory: " +
                                  checkpoint.path.string());
    }
}

} // namespace

const TensorEntry* Checkpoint::find(std::string_view name) const {
    for (const TensorEntry& entry : tensors) {
        if (entry.name == name) {
            return &entry;
        }
    }
    return nullptr;
}

Checkpoint openCheckpoint(const fs::path& path, const CheckpointOptions& options) {
    Checkpoint checkpoint;
    checkpoint.path = path;
    try {
        if (fs::is_directory(path)) {
            readDirectory(checkpoint, options.state_key);
            checkpoint.preprocessor = readJsonFile(path / "preprocessor_config.json");
        } else {
            readFile(checkpoint, options.state_key);
        }
    } catch (const fs::filesystem_error& error) {
        throw Error(
            ErrorCode::Model, "cannot be read, " + error.code().message() + ": " + path.string());
    }
    return checkpoint;
}

} // namespace vitreous
