#include <stdexcept>

#include "core/base/array.h"
#include "core/base/file_output.h"
#include "core/io/bounded_json.h"
#include "core/io/checkpoint_writer.h"
#include "core/io/safetensors_types.h"

namespace vitreous {
namespace {

constexpr std::size_t kAlignment = 8;

std::string_view typeName(DType dtype) {
    for (const auto& [name, known] : kSafetensorsTypes) {
        if (known == dtype) {
            return name;
        }
    }
    return {};
}

/// The values alone: an entry's bytes go on to the end of its storage.
std::string_view valuesOf(const TensorEntry& entry) {
    if (!isRowMajor(entry)) {
        throw std::logic_error(entry.name + " is not row-major");
    }
    const std::size_t size = std::size_t(elementCount(entry.shape)) * byteSize(entry.dtype);
    const std::span<const std::byte> values = entry.bytes.first(size);
    return {reinterpret_cast<const char*>(values.data()), values.size()};
}

nlohmann::ordered_json metadataOf(const CheckpointText& text) {
    nlohmann::ordered_json metadata = {{"format", "pt"}};
    if (!text.config.is_null()) {
        metadata["config"] = jsonText(text.config);
    }
    if (!text.arguments.is_null()) {
        metadata["args"] = jsonText(text.arguments);
    }
    metadata["epoch"] = std::to_string(text.epoch);
    return metadata;
}

/// Padded with spaces, so that the values begin aligned.
std::string headerOf(const std::vector<TensorEntry>& tensors, const CheckpointText& text) {
    nlohmann::ordered_json header;
    header["__metadata__"] = metadataOf(text);
    std::size_t begin = 0;
    for (const TensorEntry& entry : tensors) {
        const std::size_t end = begin + valuesOf(entry).size();
        header[entry.name] = {
            {"dtype", typeName(entry.dtype)},
            {"shape", entry.shape},
            {"data_offsets", {begin, end}}};
        begin = end;
    }
    std::string bytes =
        header.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    bytes.append((kAlignment - bytes.size() % kAlignment) % kAlignment, ' ');
    return bytes;
}

} // namespace

void writeSafetensors(
    const std::filesystem::path& path,
    const std::vector<TensorEntry>& tensors,
    const CheckpointText& text) {
    const std::string header = headerOf(tensors, text);
    const std::uint64_t length = header.size();
    FileAside file(path);
    file.write({reinterpret_cast<const char*>(&length), sizeof length});
    file.write(header);
    for (const TensorEntry& entry : tensors) {
        file.write(valuesOf(entry));
    }
    file.commit();
}

} // namespace vitreous
