// The only file that knows LibTorch's archive reader.

#include <cstring>
#include <map>

#include <caffe2/serialize/inline_container.h>

#include "core/base/error.h"
#include "core/io/containers.h"
#include "core/io/printable.h"
#include "core/io/state_dict.h"
#include "core/io/unpickler.h"
#include "core/io/zip_index.h"

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

std::string firstLine(const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    return text.substr(0, std::min<std::size_t>(text.find('\n'), 120));
}

class Archive {
public:
    Archive(const Checkpoint& checkpoint, std::span<const std::byte> file)
        : path_(checkpoint.path.string()), file_(file), index_(checkedIndex(file, path_)),
          reader_(std::make_shared<MappedAdapter>(file)) {
        if (!reader_.hasRecord("data.pkl")) {
            refuse("a zip archive without data.pkl, expected one that torch.save wrote");
        }
        if (reader_.hasRecord("byteorder")) {
            const std::span<const std::byte> order = record("byteorder");
            if (std::string_view(reinterpret_cast<const char*>(order.data()), order.size()) !=
                "little") {
                refuse("tensors in big-endian byte order, expected little-endian");
            }
        }
    }

    std::span<const std::byte> pickle() { return record("data.pkl"); }

    std::span<const std::byte> storage(const PickleStorage& storage) {
        const std::string name = "data/" + storage.key;
        if (!reader_.hasRecord(name)) {
            throw StorageProblem{"the record " + printable(name) + " is missing"};
        }
        const std::span<const std::byte> bytes = record(name);
        const std::size_t size = byteSize(storage.dtype);
        if (std::uint64_t(storage.count) > bytes.size() / size) {
            throw StorageProblem{
                "its storage has " + std::to_string(storage.count) + " elements of " +
                std::to_string(size) + " bytes, the record " + printable(name) + " holds " +
                std::to_string(bytes.size()) + " bytes"};
        }
        return bytes.first(std::size_t(storage.count) * size);
    }

private:
    /// LibTorch's reader unpacks the version's record when it is made: that one has to be small and
    /// as it is.
    static ZipIndex checkedIndex(std::span<const std::byte> file, const std::string& path) {
        constexpr std::uint64_t most_bytes = 16;
        ZipIndex index(file, path);
        for (const char* name : {"version", ".data/version"}) {
            const ZipRecord* known = index.find(name);
            if (known != nullptr && (!known->stored || known->size > most_bytes)) {
                throw Error(
                    ErrorCode::Model, "a damaged zip archive, its record " + std::string(name) +
                                          " is no version number: " + path);
            }
        }
        return index;
    }

    [[noreturn]] void refuse(const std::string& what) const {
        throw Error(ErrorCode::Model, what + ": " + path_);
    }

    /// A record's bytes where they lie in the file; nothing is unpacked, so none can swell.
    std::span<const std::byte> record(const std::string& name) {
        const ZipRecord* known = index_.find(name);
        if (known == nullptr) {
            refuse("a damaged zip archive, " + printable(name) + " is not in its directory");
        }
        if (!known->stored) {
            refuse(
                "the record " + printable(name) +
                " is compressed or encrypted, expected stored records as torch.save writes them");
        }
        const std::size_t offset = reader_.getRecordOffset(name);
        if (offset > file_.size() || known->size > file_.size() - offset) {
            refuse(
                "the record " + printable(name) + " goes beyond the file's end at byte " +
                std::to_string(file_.size()));
        }
        return file_.subspan(offset, std::size_t(known->size));
    }

    std::string path_;
    std::span<const std::byte> file_;
    ZipIndex index_;
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
        Unpickler unpickler(archive.pickle());
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
            ErrorCode::Model, printable(problem.what) + " (data.pkl, byte " +
                                  std::to_string(problem.at) + "): " + path);
    } catch (const c10::Error& error) {
        throw Error(
            ErrorCode::Model, "a truncated or damaged zip archive of " +
                                  std::to_string(file->bytes().size()) + " bytes (" +
                                  printable(firstLine(error)) + "): " + path);
    } catch (const std::bad_alloc&) {
        throw Error(
            ErrorCode::Model,
            "a damaged zip archive: it asks for more memory than there is: " + path);
    } catch (const std::logic_error& error) {
        // The reader parses the version with std::stoull.
        throw Error(
            ErrorCode::Model, "a damaged zip archive (" + printable(error.what()) + "): " + path);
    }
}

} // namespace vitreous
