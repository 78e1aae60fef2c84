#include "core/export/npz.h"

#include <bit>
#include <memory>

#include <zip.h>

#include "core/base/error.h"
#include "core/base/file_output.h"
#include "core/base/npy.h"

namespace vitreous {
namespace {

static_assert(
    std::endian::native == std::endian::little,
    "arrays are written as they lie in memory");

/// An array as the bytes of a `.npy` file, version 1.0, its data aligned to 64 bytes.
std::string npyBytes(const Array& array) {
    std::string header =
        "{'descr': '<f4', 'fortran_order': False, 'shape': " + shapeText(array.shape) + ", }";
    constexpr std::size_t kPrefix = 10;
    header.resize((kPrefix + header.size() + 1 + 63) / 64 * 64 - kPrefix, ' ');
    header.back() = '\n';
    std::string bytes("\x93NUMPY\x01\x00", 8);
    bytes += static_cast<char>(header.size() & 0xff);
    bytes += static_cast<char>(header.size() >> 8);
    bytes += header;
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

} // namespace

void writeNpz(
    const std::filesystem::path& path,
    const std::vector<std::pair<std::string, const Array*>>& arrays,
    const Task& task) {
    const auto refuseWrite = [&path](const std::string& what) {
        throw Error(ErrorCode::Resource, "cannot be written, " + what + ": " + path.string());
    };
    // libzip reads the buffers when the archive is closed: they have to live until then.
    std::vector<std::string> buffers;
    buffers.reserve(arrays.size());
    FileAside file(path);
    int problem = 0;
    std::unique_ptr<zip_t, Discard> archive(
        zip_open(file.path().c_str(), ZIP_CREATE | ZIP_TRUNCATE, &problem));
    if (!archive) {
        refuseWrite(messageOf(problem));
    }
    for (const auto& [name, array] : arrays) {
        task.checkStop();
        buffers.push_back(npyBytes(*array));
        zip_source_t* source =
            zip_source_buffer(archive.get(), buffers.back().data(), buffers.back().size(), 0);
        const zip_int64_t index =
            source != nullptr
                ? zip_file_add(archive.get(), (name + ".npy").c_str(), source, ZIP_FL_ENC_UTF_8)
                : -1;
        if (index < 0) {
            zip_source_free(source);
            refuseWrite(zip_strerror(archive.get()));
        }
        zip_set_file_compression(archive.get(), static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0);
        // The same arrays give the same bytes.
        zip_file_set_dostime(archive.get(), static_cast<zip_uint64_t>(index), 0, 0x21, 0);
    }
    zip_register_cancel_callback_with_state(
        archive.get(), &isStopped, nullptr, const_cast<Task*>(&task));
    if (zip_close(archive.get()) != 0) {
        task.checkStop();
        refuseWrite(zip_strerror(archive.get()));
    }
    static_cast<void>(archive.release());
    file.commit();
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
