#include "core/export/npz.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <exception>
#include <memory>
#include <string_view>

#include <zip.h>

#include "core/base/error.h"
#include "core/base/file_output.h"
#include "core/base/npy.h"

namespace vitreous {
namespace {

static_assert(
    std::endian::native == std::endian::little,
    "arrays are written as they lie in memory");

/// What a `.npy` file of that shape begins with, version 1.0, so that its data are aligned to 64
/// bytes.
std::string npyHeader(const std::vector<std::int64_t>& shape) {
    std::string header =
        "{'descr': '<f4', 'fortran_order': False, 'shape': " + shapeText(shape) + ", }";
    constexpr std::size_t kPrefix = 10;
    header.resize((kPrefix + header.size() + 1 + 63) / 64 * 64 - kPrefix, ' ');
    header.back() = '\n';
    std::string bytes("\x93NUMPY\x01\x00", 8);
    bytes += static_cast<char>(header.size() & 0xff);
    bytes += static_cast<char>(header.size() >> 8);
    return bytes + header;
}

/// An array as the bytes of a `.npy` file.
std::string npyBytes(const Array& array) {
    std::string bytes = npyHeader(array.shape);
    bytes.append(
        reinterpret_cast<const char*>(array.values.data()), array.values.size() * sizeof(float));
    return bytes;
}

struct Discard {
    void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseFile {
    void operator()(zip_file_t* file) const { zip_fclose(file); }
};

/// libzip asks it while it writes; work: a Task.
int isStopped(zip_t* /*archive*/, void* work) {
    return static_cast<const Task*>(work)->stop.stop_requested() ? 1 : 0;
}

std::string messageOf(int code) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    return text;
}

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& what) {
    throw Error(ErrorCode::Input, what + ": " + path.string());
}

/// A `.npz` in the making.
class Archive {
public:
    explicit Archive(const std::filesystem::path& path) : path_(path), file_(path) {
        int problem = 0;
        archive_.reset(zip_open(file_.path().c_str(), ZIP_CREATE | ZIP_TRUNCATE, &problem));
        if (!archive_) {
            refuseWrite(messageOf(problem));
        }
    }

    [[nodiscard]] zip_t* get() const { return archive_.get(); }

    /// Takes the source over.
    void add(const std::string& name, zip_source_t* source) {
        const zip_int64_t index =
            source != nullptr
                ? zip_file_add(archive_.get(), (name + ".npy").c_str(), source, ZIP_FL_ENC_UTF_8)
                : -1;
        if (index < 0) {
            zip_source_free(source);
            refuseWrite(zip_strerror(archive_.get()));
        }
        zip_set_file_compression(archive_.get(), static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0);
        // The same arrays give the same bytes.
        zip_file_set_dostime(archive_.get(), static_cast<zip_uint64_t>(index), 0, 0x21, 0);
    }

    /// Writes what was added and takes the target's place. False: it cannot be written.
    bool close(const Task& task) {
        zip_register_cancel_callback_with_state(
            archive_.get(), &isStopped, nullptr, const_cast<Task*>(&task));
        if (zip_close(archive_.get()) != 0) {
            return false;
        }
        static_cast<void>(archive_.release());
        file_.commit();
        return true;
    }

    [[noreturn]] void refuseWrite(const std::string& what) const {
        throw Error(ErrorCode::Resource, "cannot be written, " + what + ": " + path_.string());
    }

private:
    const std::filesystem::path& path_;
    FileAside file_;
    std::unique_ptr<zip_t, Discard> archive_;
};

/// An NpzStream as libzip reads it.
struct StreamReader {
    const NpzStream* stream = nullptr;
    std::string header;
    std::uint64_t bytes = 0; ///< header and values
    std::uint64_t at = 0;
    std::vector<float> ahead{}; ///< values that were read
    std::int64_t ahead_from = 0;
    std::exception_ptr problem{};
    zip_error_t error{};

    StreamReader(const NpzStream& of) : stream(&of), header(npyHeader(of.shape)) {
        bytes = header.size() + std::uint64_t(elementCount(of.shape)) * sizeof(float);
        zip_error_init(&error);
    }

    std::uint64_t read(char* to, std::uint64_t room) {
        std::uint64_t done = 0;
        while (done < room && at < bytes) {
            const std::string_view next =
                at < header.size() ? std::string_view(header).substr(std::size_t(at)) : values();
            const auto count = std::min<std::uint64_t>(next.size(), room - done);
            std::memcpy(to + done, next.data(), std::size_t(count));
            done += count;
            at += count;
        }
        return done;
    }

private:
    /// The values from the place on, read ahead.
    std::string_view values() {
        constexpr std::int64_t most = 262144;
        const std::uint64_t offset = at - header.size();
        const auto first = std::int64_t(offset / sizeof(float));
        if (ahead.empty() || first < ahead_from ||
            first >= ahead_from + std::int64_t(ahead.size())) {
            const std::int64_t total = elementCount(stream->shape);
            ahead.resize(std::size_t(std::min(most, total - first)));
            ahead_from = first;
            stream->read(ahead, first);
        }
        const std::string_view all(
            reinterpret_cast<const char*>(ahead.data()), ahead.size() * sizeof(float));
        return all.substr(std::size_t(offset) - std::size_t(ahead_from) * sizeof(float));
    }
};

/// libzip's calls to a StreamReader. Nothing may be thrown through them.
zip_int64_t serve(void* state, void* data, zip_uint64_t length, zip_source_cmd_t command) {
    auto& reader = *static_cast<StreamReader*>(state);
    switch (command) {
    case ZIP_SOURCE_OPEN:
        reader.at = 0;
        return 0;
    case ZIP_SOURCE_READ:
        try {
            return zip_int64_t(reader.read(static_cast<char*>(data), length));
        } catch (...) {
            reader.problem = std::current_exception();
            zip_error_set(&reader.error, ZIP_ER_READ, 0);
            return -1;
        }
    case ZIP_SOURCE_STAT: {
        auto* status = static_cast<zip_stat_t*>(data);
        zip_stat_init(status);
        status->valid = ZIP_STAT_SIZE;
        status->size = reader.bytes;
        return sizeof *status;
    }
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&reader.error, data, length);
    case ZIP_SOURCE_CLOSE:
    case ZIP_SOURCE_FREE:
        return 0;
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(
            ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE, ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR,
            ZIP_SOURCE_FREE, -1);
    default:
        zip_error_set(&reader.error, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
}

} // namespace

void writeNpz(
    const std::filesystem::path& path,
    const std::vector<std::pair<std::string, const Array*>>& arrays,
    const Task& task) {
    // libzip reads the buffers when the archive is closed: they have to live until then.
    std::vector<std::string> buffers;
    buffers.reserve(arrays.size());
    Archive archive(path);
    for (const auto& [name, array] : arrays) {
        task.checkStop();
        buffers.push_back(npyBytes(*array));
        archive.add(
            name,
            zip_source_buffer(archive.get(), buffers.back().data(), buffers.back().size(), 0));
    }
    if (!archive.close(task)) {
        task.checkStop();
        archive.refuseWrite(zip_strerror(archive.get()));
    }
}

void writeNpz(
    const std::filesystem::path& path,
    const std::vector<NpzStream>& arrays,
    const Task& task) {
    // They have to live until the archive is closed or thrown away.
    std::vector<StreamReader> readers(arrays.begin(), arrays.end());
    Archive archive(path);
    for (StreamReader& reader : readers) {
        task.checkStop();
        archive.add(reader.stream->name, zip_source_function(archive.get(), &serve, &reader));
    }
    if (archive.close(task)) {
        return;
    }
    task.checkStop();
    for (const StreamReader& reader : readers) {
        if (reader.problem != nullptr) {
            std::rethrow_exception(reader.problem);
        }
    }
    archive.refuseWrite(zip_strerror(archive.get()));
}

std::vector<std::pair<std::string, Array>> readNpz(const std::filesystem::path& path) {
    int problem = 0;
    const std::unique_ptr<zip_t, Discard> archive(zip_open(path.c_str(), ZIP_RDONLY, &problem));
    if (!archive) {
        refuse(path, "is no readable .npz, " + messageOf(problem));
    }
    // Deflate cannot shrink beyond 1032 to 1: a size that claims more is a lie, not to be
    // allocated.
    std::error_code ignored;
    const std::uint64_t most = 1032 * std::uint64_t(std::filesystem::file_size(path, ignored));
    std::vector<std::pair<std::string, Array>> arrays;
    for (zip_int64_t i = 0; i < zip_get_num_entries(archive.get(), 0); ++i) {
        zip_stat_t status;
        const std::unique_ptr<zip_file_t, CloseFile> file(
            zip_fopen_index(archive.get(), static_cast<zip_uint64_t>(i), 0));
        if (!file || zip_stat_index(archive.get(), static_cast<zip_uint64_t>(i), 0, &status) != 0 ||
            status.size > most) {
            refuse(path, "entry " + std::to_string(i) + " of the .npz cannot be read");
        }
        std::string name = status.name;
        std::string bytes(status.size, '\0');
        if (zip_fread(file.get(), bytes.data(), bytes.size()) !=
            static_cast<zip_int64_t>(bytes.size())) {
            refuse(path, name + ": truncated");
        }
        if (name.ends_with(".npy")) {
            name.resize(name.size() - 4);
        }
        Array array = parseNpy(bytes, "array " + name + " of " + path.string());
        arrays.emplace_back(std::move(name), std::move(array));
    }
    return arrays;
}

} // namespace vitreous
