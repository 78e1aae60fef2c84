// HDF5's library reads these files. What a file may ask of it is kept to what data sets of points
// need: no other files, no plugins, no types and filters beyond the common ones.

#include <algorithm>
#include <array>
#include <limits>
#include <mutex>
#include <string>
#include <vector>

#include <hdf5.h>

#include "core/base/array.h"
#include "core/points/formats.h"

namespace vitreous {
namespace {

constexpr const char* kDataset = "data";
constexpr std::uint64_t kBlock = 65536;          // points read at once
constexpr std::uint64_t kMostChunk = 1ULL << 30; // bytes, unpacked
constexpr std::uint64_t kDeflate = 1032;         // it cannot pack tighter
constexpr std::size_t kDimensions = 3;           // samples, points, columns
constexpr std::size_t kMostDimensions = H5S_MAX_RANK;

/// An identifier of the library with what closes it.
class Handle {
public:
    Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() {
        if (id_ >= 0) {
            close_(id_);
        }
    }

    [[nodiscard]] bool isOpen() const { return id_ >= 0; }
    [[nodiscard]] hid_t id() const { return id_; }

private:
    hid_t id_;
    herr_t (*close_)(hid_t);
};

/// While it lives, the library prints nothing to stderr.
class Silence {
public:
    Silence() {
        H5Eget_auto2(H5E_DEFAULT, &print_, &data_);
        H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;
    ~Silence() { H5Eset_auto2(H5E_DEFAULT, print_, data_); }

private:
    H5E_auto2_t print_ = nullptr;
    void* data_ = nullptr;
};

/// The dataset of a file and what is known of it.
class PointSets {
public:
    explicit PointSets(const ByteSource& source)
        : source_(source), file_(openFile(source), H5Fclose), dataset_(openDataset(), H5Dclose),
          space_(H5Dget_space(dataset_.id()), H5Sclose) {
        checkType();
        readShape();
        checkStorage();
    }

    [[nodiscard]] std::uint64_t samples() const { return shape_[0]; }
    [[nodiscard]] std::uint64_t points() const { return shape_[1]; }

    /// x, y and z of count points of a sample.
    void read(std::uint64_t sample, std::uint64_t first, std::uint64_t count, double* xyz) const {
        const std::array<hsize_t, kDimensions> start = {sample, first, 0};
        const std::array<hsize_t, kDimensions> extent = {1, count, 3};
        const hsize_t values = 3 * count;
        const Handle memory(H5Screate_simple(1, &values, nullptr), H5Sclose);
        if (H5Sselect_hyperslab(
                space_.id(), H5S_SELECT_SET, start.data(), nullptr, extent.data(), nullptr) < 0 ||
            !memory.isOpen() ||
            H5Dread(dataset_.id(), H5T_NATIVE_DOUBLE, memory.id(), space_.id(), H5P_DEFAULT, xyz) <
                0) {
            source_.refuse("the values of 'data' cannot be read, truncated or damaged");
        }
    }

private:
    static hid_t openFile(const ByteSource& source) {
        const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
        // Locks fail on some network drives, and nothing is written here.
        H5Pset_file_locking(access.id(), /*use=*/0, /*ignore when disabled=*/1);
        const hid_t file = H5Fopen(source.path().c_str(), H5F_ACC_RDONLY, access.id());
        if (file < 0) {
            source.refuse("is no HDF5 file, or truncated or damaged");
        }
        return file;
    }

    hid_t openDataset() const {
        H5L_info_t link{};
        if (H5Lexists(file_.id(), kDataset, H5P_DEFAULT) <= 0 ||
            H5Lget_info(file_.id(), kDataset, &link, H5P_DEFAULT) < 0) {
            source_.refuse("has no dataset 'data' of shape (samples, points, 3 or more)");
        }
        if (link.type != H5L_TYPE_HARD) {
            source_.refuse("'data' is a link to elsewhere, expected a dataset");
        }
        const Handle access(H5Pcreate(H5P_DATASET_ACCESS), H5Pclose);
        // A chunk that does not fit would be unpacked again for every block of points.
        H5Pset_chunk_cache(access.id(), 521, kMostChunk, 1.0);
        const hid_t dataset = H5Dopen2(file_.id(), kDataset, access.id());
        if (dataset < 0) {
            source_.refuse("'data' is no dataset that can be read");
        }
        return dataset;
    }

    void checkType() {
        const Handle type(H5Dget_type(dataset_.id()), H5Tclose);
        const auto is = [&type](hid_t known) { return H5Tequal(type.id(), known) > 0; };
        if (is(H5T_IEEE_F32LE) || is(H5T_IEEE_F32BE)) {
            value_bytes_ = sizeof(float);
        } else if (is(H5T_IEEE_F64LE) || is(H5T_IEEE_F64BE)) {
            value_bytes_ = sizeof(double);
        } else {
            source_.refuse("the values of 'data' are of another type, expected float32 or float64");
        }
    }

    void readShape() {
        const int dimensions = H5Sget_simple_extent_ndims(space_.id());
        std::array<hsize_t, kMostDimensions> sides{};
        if (dimensions < 0 || dimensions > int(kMostDimensions) ||
            H5Sget_simple_extent_dims(space_.id(), sides.data(), nullptr) < 0) {
            source_.refuse("the shape of 'data' cannot be read");
        }
        if (dimensions != int(kDimensions) || sides[2] < 3) {
            const std::vector<std::int64_t> shape(sides.begin(), sides.begin() + dimensions);
            source_.refuse(
                "'data' has the shape " + shapeText(shape) +
                ", expected (samples, points, 3 or more)");
        }
        std::copy_n(sides.begin(), kDimensions, shape_.begin());
    }

    /// Holds what the shape promises against the bytes of the file.
    void checkStorage() const {
        const Handle creation(H5Dget_create_plist(dataset_.id()), H5Pclose);
        const H5D_layout_t layout = H5Pget_layout(creation.id());
        if (layout == H5D_VIRTUAL || H5Pget_external_count(creation.id()) > 0) {
            source_.refuse("the values of 'data' are in other files");
        }
        const std::uint64_t stored = H5Dget_storage_size(dataset_.id());
        std::uint64_t promised = value_bytes_;
        bool fits = stored <= source_.remaining();
        for (const hsize_t side : shape_) {
            fits = fits && !__builtin_mul_overflow(promised, std::uint64_t(side), &promised);
        }
        const std::uint64_t most = isPacked(creation.id()) ? kDeflate * stored : stored;
        if (!fits || promised > most) {
            const std::vector<std::int64_t> shape(shape_.begin(), shape_.end());
            source_.refuse(
                "'data' promises the shape " + shapeText(shape) + ", but the file holds " +
                std::to_string(std::min(stored, source_.remaining())) + " bytes of it");
        }
        if (layout == H5D_CHUNKED) {
            checkChunks(creation.id(), most);
        }
    }

    void checkChunks(hid_t creation, std::uint64_t most) const {
        std::array<hsize_t, kDimensions> sides{};
        std::uint64_t bytes = value_bytes_;
        bool fits = H5Pget_chunk(creation, int(kDimensions), sides.data()) == int(kDimensions);
        for (const hsize_t side : sides) {
            fits = fits && !__builtin_mul_overflow(bytes, std::uint64_t(side), &bytes);
        }
        if (!fits || bytes > std::min(most, kMostChunk)) {
            source_.refuse("'data' is stored in chunks that are too large");
        }
    }

    [[nodiscard]] bool isPacked(hid_t creation) const {
        constexpr std::array known = {
            H5Z_FILTER_DEFLATE, H5Z_FILTER_SHUFFLE, H5Z_FILTER_FLETCHER32, H5Z_FILTER_SZIP};
        const int filters = H5Pget_nfilters(creation);
        for (int i = 0; i < filters; ++i) {
            std::size_t values = 0;
            unsigned flags = 0;
            unsigned info = 0;
            const H5Z_filter_t filter =
                H5Pget_filter2(creation, unsigned(i), &flags, &values, nullptr, 0, nullptr, &info);
            if (std::find(known.begin(), known.end(), filter) == known.end()) {
                source_.refuse(
                    "'data' is packed by HDF5's filter " + std::to_string(filter) +
                    ", expected deflate, szip or none");
            }
        }
        return filters > 0;
    }

    const ByteSource& source_;
    Handle file_;
    Handle dataset_;
    Handle space_;
    std::uint64_t value_bytes_ = 0;
    std::array<hsize_t, kDimensions> shape_{};
};

} // namespace

void readH5Points(ByteSource& source, CloudBuilder& builder) {
    // Debian's library locks itself; others may not.
    static std::mutex one_at_a_time;
    const std::lock_guard lock(one_at_a_time);
    H5PLset_loading_state(0);
    const Silence silence;
    const PointSets sets(source);
    const std::uint64_t sample = builder.options().sample;
    if (sets.samples() == 0 || sets.points() == 0) {
        source.refuse("no points, expected at least one");
    }
    if (sample >= sets.samples()) {
        source.refuse(
            "no sample " + std::to_string(sample) + ", expected one of 0 to " +
            std::to_string(sets.samples() - 1));
    }
    builder.setSamples(std::size_t(sets.samples()));
    builder.reserve(sets.points(), false);
    std::vector<double> xyz(3 * std::min(kBlock, sets.points()));
    for (std::uint64_t first = 0; first < sets.points(); first += kBlock) {
        source.task().checkStop();
        source.task().report(double(first) / double(sets.points()), "reading points");
        const std::uint64_t count = std::min(kBlock, sets.points() - first);
        sets.read(sample, first, count, xyz.data());
        for (std::size_t i = 0; i < 3 * count; i += 3) {
            builder.add({xyz[i], xyz[i + 1], xyz[i + 2]});
        }
    }
}

} // namespace vitreous
