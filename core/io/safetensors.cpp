#include <algorithm>
#include <cstring>

#include "core/base/error.h"
#include "core/io/bounded_json.h"
#include "core/io/containers.h"
#include "core/io/printable.h"
#include "core/io/safetensors_types.h"
#include "core/io/state_dict.h"

namespace vitreous {
namespace {

constexpr std::uint64_t kMostHeader = 100'000'000;

class Reader {
public:
    Reader(Checkpoint& checkpoint, const std::shared_ptr<const MappedFile>& file)
        : checkpoint_(checkpoint), file_(file) {}

    void read() {
        const std::span<const std::byte> bytes = file_->bytes();
        std::uint64_t length = 0;
        if (bytes.size() < sizeof length) {
            fail(
                "truncated: the file ends at byte " + std::to_string(bytes.size()) +
                ", before its header");
        }
        std::memcpy(&length, bytes.data(), sizeof length);
        if (length > kMostHeader || length > bytes.size() - sizeof length) {
            fail(
                "a header of " + std::to_string(length) + " bytes, the file has " +
                std::to_string(bytes.size()));
        }
        data_ = bytes.subspan(sizeof length + length);
        const char* text = reinterpret_cast<const char*>(bytes.data()) + sizeof length;
        const nlohmann::json header = parseBoundedJson({text, length});
        if (!header.is_object()) {
            fail("the header is no JSON object, or one nested too deep");
        }
        for (const auto& [name, facts] : header.items()) {
            if (name == "__metadata__") {
                if (facts.is_object()) {
                    takeMetadata(facts);
                }
            } else {
                checkpoint_.tensors.push_back(entry(name, facts));
            }
        }
        sortAsInFile();
        if (checkpoint_.tensors.empty()) {
            fail("the file holds no tensors");
        }
    }

private:
    [[noreturn]] void fail(const std::string& what) const {
        throw Error(ErrorCode::Model, what + ": " + checkpoint_.path.string());
    }

    /// The metadata may hold a config and arguments as JSON in strings; without the latter it is
    /// itself what is known of the training.
    void takeMetadata(const nlohmann::json& metadata) {
        checkpoint_.config = objectAt(metadata, "config");
        checkpoint_.arguments = objectAt(metadata, "args");
        if (checkpoint_.arguments.is_null()) {
            checkpoint_.arguments = metadata;
        }
    }

    static nlohmann::json objectAt(const nlohmann::json& metadata, const char* key) {
        const auto text = metadata.find(key);
        if (text == metadata.end() || !text->is_string()) {
            return nullptr;
        }
        return objectIn(text->get_ref<const std::string&>());
    }

    /// The header is sorted by name, the tensors lie in another order; none may lie on another.
    void sortAsInFile() {
        std::vector<TensorEntry>& tensors = checkpoint_.tensors;
        std::stable_sort(
            tensors.begin(), tensors.end(), [](const TensorEntry& a, const TensorEntry& b) {
                return a.bytes.data() != b.bytes.data() ? a.bytes.data() < b.bytes.data()
                                                        : a.bytes.size() < b.bytes.size();
            });
        for (std::size_t i = 1; i < tensors.size(); ++i) {
            const std::span<const std::byte> before = tensors[i - 1].bytes;
            if (!tensors[i].bytes.empty() &&
                before.data() + before.size() > tensors[i].bytes.data()) {
                fail(
                    printable(tensors[i].name) + ": overlaps " + printable(tensors[i - 1].name) +
                    " in the file");
            }
        }
    }

    std::uint64_t number(const std::string& name, const nlohmann::json& value) const {
        if (!value.is_number_unsigned()) {
            fail(printable(name) + ": its header entry has no whole number where one belongs");
        }
        return value.get<std::uint64_t>();
    }

    TensorEntry entry(const std::string& name, const nlohmann::json& facts) const {
        if (!facts.is_object() || !facts.contains("dtype") || !facts.contains("shape") ||
            !facts.contains("data_offsets") || !facts["shape"].is_array() ||
            facts["shape"].size() > 16 || !facts["data_offsets"].is_array() ||
            facts["data_offsets"].size() != 2 || !facts["dtype"].is_string()) {
            fail(printable(name) + ": its header entry lacks dtype, shape or data_offsets");
        }
        TensorEntry entry;
        entry.name = name;
        entry.dtype = dtype(name, facts["dtype"].get<std::string>());
        std::uint64_t count = 1;
        std::uint64_t stride = 1;
        for (const nlohmann::json& side : facts["shape"]) {
            const std::uint64_t n = number(name, side);
            // Sides beside a 0 are bounded too: strides are their products.
            if (n > INT64_MAX || __builtin_mul_overflow(count, n, &count) ||
                __builtin_mul_overflow(stride, std::max<std::uint64_t>(1, n), &stride) ||
                stride > INT64_MAX) {
                fail(printable(name) + ": its shape overflows");
            }
            entry.shape.push_back(static_cast<std::int64_t>(n));
        }
        const std::uint64_t begin = number(name, facts["data_offsets"][0]);
        const std::uint64_t end = number(name, facts["data_offsets"][1]);
        std::uint64_t size = 0;
        if (__builtin_mul_overflow(count, byteSize(entry.dtype), &size) || begin > end ||
            end - begin != size) {
            fail(
                printable(name) + ": expected " + std::to_string(size) +
                " bytes, its offsets are " + std::to_string(begin) + " to " + std::to_string(end));
        }
        if (end > data_.size()) {
            fail(
                printable(name) + ": truncated, the file ends at byte " +
                std::to_string(file_->bytes().size()) + ", the data of this tensor " +
                std::to_string(end - data_.size()) + " bytes later");
        }
        entry.strides.resize(entry.shape.size());
        std::int64_t step = 1;
        for (std::size_t i = entry.shape.size(); i-- > 0;) {
            entry.strides[i] = step;
            step *= std::max<std::int64_t>(1, entry.shape[i]);
        }
        entry.bytes = data_.subspan(begin, size);
        entry.owner = file_;
        return entry;
    }

    DType dtype(const std::string& name, const std::string& type) const {
        for (const auto& [known, dtype] : kSafetensorsTypes) {
            if (known == type) {
                return dtype;
            }
        }
        fail(printable(name) + ": unknown element type " + printable(type.substr(0, 20)));
    }

    Checkpoint& checkpoint_;
    std::shared_ptr<const MappedFile> file_;
    std::span<const std::byte> data_;
};

} // namespace

void readSafetensors(
    Checkpoint& checkpoint,
    const std::shared_ptr<const MappedFile>& file,
    const std::string& state) {
    checkpoint.container = "safetensors";
    checkpoint.state_keys = {""};
    requireState(checkpoint, checkpoint.state_keys, state);
    Reader(checkpoint, file).read();
}

} // namespace vitreous
