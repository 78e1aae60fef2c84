// HDF5's library finds the values in these files. What a file may ask of it is kept to what data
// sets of points need: no other files, no plugins, no types beyond the common ones. Chunks are
// unpacked here: the library trusts that what comes out of its filters is as long as it should be.

#include <algorithm>
#include <array>
#include <limits>
#include <mutex>
#include <string>
#include <vector>

#include <hdf5.h>

#include "core/base/array.h"
#include "core/points/formats.h"
#include "core/points/h5_filters.h"
#include "core/points/numbers.h"

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

    /// How many points read() takes best at once, counted from a multiple of it.
    [[nodiscard]] std::uint64_t block() const {
        return std::min<std::uint64_t>(is_chunked_ ? chunk_[1] : kBlock, points());
    }

    /// x, y and z of count points of a sample.
    void read(std::uint64_t sample, std::uint64_t first, std::uint64_t count, double* xyz) const {
        if (!is_chunked_) {
            readPlain(sample, first, count, xyz);
            return;
        }
        for (std::uint64_t column = 0; column < 3; column += chunk_[2]) {
            const std::string values =
                chunkAt({sample / chunk_[0] * chunk_[0], first / chunk_[1] * chunk_[1], column});
            const std::uint64_t row = sample % chunk_[0] * chunk_[1] + first % chunk_[1];
            const std::uint64_t columns = std::min<std::uint64_t>(chunk_[2], 3 - column);
            for (std::uint64_t point = 0; point < count; ++point) {
                for (std::uint64_t i = 0; i < columns; ++i) {
                    const std::uint64_t value = (row + point) * chunk_[2] + i;
                    xyz[3 * point + column + i] =
                        scalarValue(values.data() + value * value_bytes_, type_, is_big_);
                }
            }
        }
    }

private:
    void readPlain(std::uint64_t sample, std::uint64_t first, std::uint64_t count, double* xyz)
        const {
        const std::array<hsize_t, kDimensions> start = {sample, first, 0};
        const std::array<hsize_t, kDimensions> extent = {1, count, 3};
        const hsize_t values = 3 * count;
        const Handle memory(H5Screate_simple(1, &values, nullptr), H5Sclose);
        if (H5Sselect_hyperslab(
                space_.id(), H5S_SELECT_SET, start.data(), nullptr, extent.data(), nullptr) < 0 ||
            !memory.isOpen() ||
            H5Dread(dataset_.id(), H5T_NATIVE_DOUBLE, memory.id(), space_.id(), H5P_DEFAULT, xyz) <
                0) {
            refuseValues();
        }
    }

    /// The values of the chunk that begins there.
    [[nodiscard]] std::string chunkAt(const std::array<hsize_t, kDimensions>& start) const {
        hsize_t stored = 0;
        std::uint32_t left_out = 0;
        if (H5Dget_chunk_storage_size(dataset_.id(), start.data(), &stored) < 0 || stored == 0 ||
            stored > source_.remaining()) {
            refuseValues();
        }
        std::string bytes(stored, '\0');
        const std::size_t size = value_bytes_ * chunk_[0] * chunk_[1] * chunk_[2];
        if (H5Dread_chunk(dataset_.id(), H5P_DEFAULT, start.data(), &left_out, bytes.data()) < 0 ||
            left_out != 0 || !undoFilters(bytes, filters_, value_bytes_, size)) {
            refuseValues();
        }
        return bytes;
    }

    [[noreturn]] void refuseValues() const {
        source_.refuse("the values of 'data' cannot be read, truncated or damaged");
    }

    static hid_t openFile(const ByteSource& source) {
        const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
        // Locks fail on some network drives, and nothing is written here.
        H5Pset_file_locking(access.id(), /*use=*/false, /*ignore when disabled=*/true);
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
        const hid_t dataset = H5Dopen2(file_.id(), kDataset, H5P_DEFAULT);
        if (dataset < 0) {
            source_.refuse("'data' is no dataset that can be read");
        }
        return dataset;
    }

    void checkType() {
        const Handle type(H5Dget_type(dataset_.id()), H5Tclose);
        const auto is = [&type](hid_t known) { return H5Tequal(type.id(), known) > 0; };
        is_big_ = is(H5T_IEEE_F32BE) || is(H5T_IEEE_F64BE);
        if (is(H5T_IEEE_F32LE) || is(H5T_IEEE_F32BE)) {
            type_ = Scalar::Float32;
        } else if (is(H5T_IEEE_F64LE) || is(H5T_IEEE_F64BE)) {
            type_ = Scalar::Float64;
        } else {
            source_.refuse("the values of 'data' are of another type, expected float32 or float64");
        }
        value_bytes_ = scalarSize(type_);
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
    void checkStorage() {
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
        readFilters(creation.id());
        const std::uint64_t most = filters_.empty() ? stored : kDeflate * stored;
        if (!fits || promised > most) {
            const std::vector<std::int64_t> shape(shape_.begin(), shape_.end());
            source_.refuse(
                "'data' promises the shape " + shapeText(shape) + ", but the file holds " +
                std::to_string(std::min(stored, source_.remaining())) + " bytes of it");
        }
        is_chunked_ = layout == H5D_CHUNKED;
        if (is_chunked_) {
            readChunkShape(creation.id(), most);
        }
    }

    void readChunkShape(hid_t creation, std::uint64_t most) {
        std::uint64_t bytes = value_bytes_;
        bool fits = H5Pget_chunk(creation, int(kDimensions), chunk_.data()) == int(kDimensions);
        for (const hsize_t side : chunk_) {
            fits = fits && side > 0 && !__builtin_mul_overflow(bytes, std::uint64_t(side), &bytes);
        }
        if (!fits || bytes > std::min(most, kMostChunk)) {
            source_.refuse("'data' is stored in chunks that are too large");
        }
    }

    void readFilters(hid_t creation) {
        const int filters = H5Pget_nfilters(creation);
        for (int i = 0; i < filters; ++i) {
            std::size_t values = 0;
            unsigned flags = 0;
            unsigned info = 0;
            const H5Z_filter_t filter =
                H5Pget_filter2(creation, unsigned(i), &flags, &values, nullptr, 0, nullptr, &info);
            if (filter != H5Z_FILTER_DEFLATE && filter != H5Z_FILTER_SHUFFLE) {
                source_.refuse(
                    "'data' is packed by HDF5's filter " + std::to_string(filter) +
                    ", expected gzip or none");
            }
            filters_.push_back(
                filter == H5Z_FILTER_DEFLATE ? ChunkFilter::Deflate : ChunkFilter::Shuffle);
        }
    }

    const ByteSource& source_;
    Handle file_;
    Handle dataset_;
    Handle space_;
    Scalar type_ = Scalar::Float32;
    bool is_big_ = false;
    std::uint64_t value_bytes_ = 0;
    std::array<hsize_t, kDimensions> shape_{};
    bool is_chunked_ = false;
    std::array<hsize_t, kDimensions> chunk_{};
    std::vector<ChunkFilter> filters_;
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
    const std::uint64_t block = sets.block();
    std::vector<double> xyz(3 * block);
    for (std::uint64_t first = 0; first < sets.points(); first += block) {
        source.task().checkStop();
        source.task().report(double(first) / double(sets.points()), "reading points");
        const std::uint64_t count = std::min(block, sets.points() - first);
        sets.read(sample, first, count, xyz.data());
        for (std::size_t i = 0; i < 3 * count; i += 3) {
            builder.add({xyz[i], xyz[i + 1], xyz[i + 2]});
        }
    }
}

} // namespace vitreous
