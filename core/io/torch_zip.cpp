// The only file that knows LibTorch's archive reader.

#include <cstring>
#include <map>

#include <caffe2/serialize/inline_container.h>

#include "core/base/error.h"
#include "core/io/containers.h"
#include "core/io/state_dict.h"
#include "core/io/unpickler.h"

namespace vitreous {
namespace {

class MappedAdapter final : public caffe2::serialize::ReadAdapterInterface {
public:
    explicit MappedAdapter(std::span<const std::byte> bytes) : bytes_(bytes) {}

    [[nodiscard]] std::size_t size() const override { return bytes_.size(); }
    std::size_t read(std::uint64_t position, void* buffer, std::size_t count, const char*)
        const override {
        if (position >= bytes_.size()) {
            return 0;
        }
        const std::size_t taken = std::min<std::size_t>(count, bytes_.size() - position);
        std::memcpy(buffer, bytes_.data() + position, taken);
        return taken;
    }

private:
    std::span<const std::byte> bytes_;
};

std::uint32_t littleEndian(std::span<const std::byte> bytes, std::size_t at, std::size_t count) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        value |= std::uint32_t(bytes[at + i]) << (8 * i);
    }
    return value;
}

/// True where the record that begins at `offset` is stored as it is. Its local header ends there
/// and tells the length of its own extra field, which decides where it begins.
bool isStored(std::span<const std::byte> file, std::size_t offset, std::size_t name_length) {
    constexpr std::size_t kHeader = 30;
    for (std::size_t extra = 0; extra <= 0xffff && kHeader + name_length + extra <= offset;
         ++extra) {
        const std::size_t start = offset - kHeader - name_length - extra;
        if (littleEndian(file, start, 4) == 0x04034b50 &&
            littleEndian(file, start + 26, 2) == name_length &&
            littleEndian(file, start + 28, 2) == extra) {
            return littleEndian(file, start + 8, 2) == 0;
        }
    }
    return false;
}

std::string firstLine(const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    return text.substr(0, std::min<std::size_t>(text.find('\n'), 120));
}

class Archive {
public:
    Archive(const Checkpoint& checkpoint, std::span<const std::byte> file)
        : path_(checkpoint.path.string()), file_(file),
          adapter_(std::make_shared<MappedAdapter>(file)), reader_(adapter_) {
        if (!reader_.hasRecord("data.pkl")) {
            throw Error(
                ErrorCode::Model,
                "a zip archive without data.pkl, expected one that torch.save wrote: " + path_);
        }
        if (reader_.hasRecord("byteorder")) {
            const auto [data, size] = reader_.getRecord("byteorder");
            if (std::string_view(static_cast<const char*>(data.get()), size) != "little") {
                throw Error(
                    ErrorCode::Model,
                    "tensors in big-endian byte order, expected little-endian: " + path_);
            }
        }
    }

    std::tuple<at::DataPtr, std::size_t> pickle() { return reader_.getRecord("data.pkl"); }

    std::span<const std::byte> storage(const PickleStorage& storage) {
        const std::string name = "data/" + storage.key;
        if (!reader_.hasRecord(name)) {
            throw Error(
                ErrorCode::Model, "the record " + name.substr(0, 80) + " is missing: " + path_);
        }
        const std::size_t offset = reader_.getRecordOffset(name);
        const std::size_t size = byteSize(storage.dtype);
        if (offset > file_.size() ||
            std::uint64_t(storage.count) > (file_.size() - offset) / size) {
            throw Error(
                ErrorCode::Model, "the record " + name + " goes beyond the file's end at byte " +
                                      std::to_string(file_.size()) + ": " + path_);
        }
        if (!isStored(file_, offset, archiveName().size() + 1 + name.size())) {
            throw Error(
                ErrorCode::Model,
                "the record " + name +
                    " is compressed, expected stored records as torch.save writes them: " + path_);
        }
        return file_.subspan(offset, std::size_t(storage.count) * size);
    }

private:
    /// The folder that all records are in; the reader keeps it to itself, the first local header
    /// tells it.
    std::string archiveName() const {
        const std::size_t length = file_.size() >= 30 ? littleEndian(file_, 26, 2) : 0;
        if (30 + length > file_.size()) {
            return {};
        }
        const std::string name(reinterpret_cast<const char*>(file_.data()) + 30, length);
        return name.substr(0, name.find('/'));
    }

    std::string path_;
    std::span<const std::byte> file_;
    std::shared_ptr<MappedAdapter> adapter_;
    caffe2::serialize::PyTorchStreamReader reader_;
};

} // namespace

void readTorchZip(
    Checkpoint& checkpoint,
    const std::shared_ptr<const MappedFile>& file,
    const std::string& state) {
    checkpoint.container = "PyTorch zip";
    const std::string path = checkpoint.path.string();
    try {
        Archive archive(checkpoint, file->bytes());
        const auto [data, size] = archive.pickle();
        Unpickler unpickler({static_cast<const std::byte*>(data.get()), size});
        PickleRef object = unpickler.read();
        std::map<std::string, std::span<const std::byte>> known;
        const StorageBytes bytes = [&](const PickleStorage& storage) {
            const std::string key = storage.key + ":" + std::to_string(storage.count) + ":" +
                                    std::string(name(storage.dtype));
            const auto it = known.find(key);
            return it != known.end() ? it->second : known[key] = archive.storage(storage);
        };
        fillFromObject(checkpoint, object, bytes, file, state);
    } catch (const PickleProblem& problem) {
        throw Error(
            ErrorCode::Model,
            problem.what + " (data.pkl, byte " + std::to_string(problem.at) + "): " + path);
    } catch (const c10::Error& error) {
        throw Error(
            ErrorCode::Model, "a truncated or damaged zip archive of " +
                                  std::to_string(file->bytes().size()) + " bytes (" +
                                  firstLine(error) + "): " + path);
    } catch (const std::bad_alloc&) {
        throw Error(
            ErrorCode::Model,
            "a damaged zip archive: it asks for more memory than there is: " + path);
    }
}

} // namespace vitreous
