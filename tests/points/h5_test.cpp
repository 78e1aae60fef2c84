// HDF5 point sets, written by its own library.

#include <functional>
#include <limits>
#include <stop_token>

#include <fcntl.h>
#include <unistd.h>

#include <hdf5.h>

#include <QtTest>

#include "tests/points/cloud_files.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

using Shape = std::vector<hsize_t>;

/// How a dataset `data` is written.
struct Writing {
    hid_t type = H5T_IEEE_F32LE;
    Shape chunk{};
    bool is_packed = false;
    bool has_values = true;
};

/// 0, 1, 2, ... in a shape.
std::vector<double> ramp(const Shape& shape) {
    std::vector<double> values(1);
    for (const hsize_t side : shape) {
        values.resize(values.size() * side);
    }
    std::iota(values.begin(), values.end(), 0.0);
    return values;
}

void inFile(const std::string& path, const std::function<void(hid_t)>& work) {
    const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    work(file);
    H5Fclose(file);
}

void writeData(
    hid_t file,
    const Shape& shape,
    const std::vector<double>& values,
    const Writing& writing = {},
    hid_t creation = H5Pcreate(H5P_DATASET_CREATE)) {
    const hid_t space = H5Screate_simple(int(shape.size()), shape.data(), nullptr);
    if (!writing.chunk.empty()) {
        H5Pset_chunk(creation, int(writing.chunk.size()), writing.chunk.data());
    }
    if (writing.is_packed) {
        H5Pset_shuffle(creation);
        H5Pset_deflate(creation, 6);
    }
    const hid_t dataset =
        H5Dcreate2(file, "data", writing.type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    if (writing.has_values) {
        H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    }
    H5Dclose(dataset);
    H5Pclose(creation);
    H5Sclose(space);
}

/// Whatever is written to stderr while work runs.
std::string stderrOf(const std::string& path, const std::function<void()>& work) {
    const int kept = dup(STDERR_FILENO);
    const int file = open(path.c_str(), O_CREAT | O_TRUNC | O_RDWR, 0600);
    dup2(file, STDERR_FILENO);
    work();
    dup2(kept, STDERR_FILENO);
    close(file);
    close(kept);
    return bytesOf(path);
}

} // namespace

class H5Test : public QObject {
    Q_OBJECT

private:
    CloudFiles files_;

    [[nodiscard]] std::string path() const { return files_.path("a.h5"); }

    [[nodiscard]] PointCloud read(const CloudOptions& options = {}) const {
        return readPointCloud(path(), options);
    }

    /// The one line that reading the file ends in, or "?"; nothing may be printed.
    [[nodiscard]] std::string message(const CloudOptions& options = {}) const {
        std::string text;
        const std::string printed = stderrOf(files_.path("stderr"), [&] {
            const Failure failure = failureOf([&] { readPointCloud(path(), options); });
            const bool is_right = failure.code == ErrorCode::Input &&
                                  failure.message.ends_with(": " + path()) &&
                                  failure.message.find('\n') == std::string::npos;
            text = is_right ? failure.message : "?";
        });
        return printed.empty() ? text : "printed: " + printed;
    }

private Q_SLOTS:
    void samplesAreChosen() {
        const Shape shape = {3, 2, 3};
        inFile(path(), [&](hid_t file) { writeData(file, shape, ramp(shape)); });
        const PointCloud first = read();
        QCOMPARE(first.positions, (Floats{0, 1, 2, 3, 4, 5}));
        QCOMPARE(first.samples, std::size_t{3});
        QCOMPARE(read({.sample = 2}).positions, (Floats{12, 13, 14, 15, 16, 17}));
        QVERIFY(message({.sample = 3}).starts_with("no sample 3, expected one of 0 to 2"));
        QCOMPARE(files_.read("a.xyz", "1 2 3\n", {.sample = 5}).samples, std::size_t{1});
    }

    void layouts_data() {
        QTest::addColumn<qlonglong>("type");
        QTest::addColumn<bool>("is_chunked");
        QTest::addColumn<bool>("is_packed");
        QTest::newRow("float32") << qlonglong(H5T_IEEE_F32LE) << false << false;
        QTest::newRow("float32, big-endian") << qlonglong(H5T_IEEE_F32BE) << false << false;
        QTest::newRow("float64 in chunks") << qlonglong(H5T_IEEE_F64LE) << true << false;
        QTest::newRow("float64, big-endian, packed") << qlonglong(H5T_IEEE_F64BE) << true << true;
    }
    void layouts() {
        QFETCH(qlonglong, type);
        QFETCH(bool, is_chunked);
        QFETCH(bool, is_packed);
        const Shape shape = {2, 3, 6};
        std::vector<double> values = ramp(shape);
        values[25] = std::numeric_limits<double>::quiet_NaN(); // y of point 1 of sample 1
        const Writing writing{hid_t(type), is_chunked ? Shape{1, 2, 4} : Shape{}, is_packed};
        inFile(path(), [&](hid_t file) { writeData(file, shape, values, writing); });
        const PointCloud cloud = read({.sample = 1});
        QCOMPARE(cloud.positions, (Floats{18, 19, 20, 30, 31, 32}));
        QCOMPARE(cloud.dropped, std::size_t{1});
        QVERIFY(cloud.colors.empty());
    }

    void largeSetsAreReadInBlocks() {
        const Shape shape = {2, 150000, 3};
        inFile(path(), [&](hid_t file) {
            writeData(
                file, shape, ramp(shape),
                {.type = H5T_IEEE_F64LE, .chunk = {1, 40000, 3}, .is_packed = true});
        });
        std::vector<double> told;
        std::stop_source stop;
        const Task task{.stop = stop.get_token(), .progress = [&told](const Progress& progress) {
                            told.push_back(progress.fraction);
                        }};
        const PointCloud cloud = readPointCloud(path(), {.sample = 1}, task);
        QCOMPARE(cloud.size(), std::size_t{150000});
        QCOMPARE(cloud.positions[2] - cloud.positions[0], 2.0F);
        QCOMPARE(double(cloud.positions.back()) + cloud.origin[2], 899999.0);
        QVERIFY(told.size() > 2 && std::is_sorted(told.begin(), told.end()));
        const Task stopped{.stop = stop.get_token(), .progress = [&stop](const Progress&) {
                               stop.request_stop();
                           }};
        QCOMPARE(
            failureOf([&] { readPointCloud(path(), {}, stopped); }).code, ErrorCode::Interrupted);
    }

    void otherContents() {
        files_.write("a.h5", "");
        QVERIFY(message().starts_with("is no HDF5 file"));
        files_.write("a.h5", "1 2 3\n4 5 6\n");
        QVERIFY(message().starts_with("is no HDF5 file"));
        inFile(path(), [](hid_t) {});
        QVERIFY(message().starts_with("has no dataset 'data'"));
        inFile(path(), [](hid_t file) {
            H5Gclose(H5Gcreate2(file, "data", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
        });
        QVERIFY(message().starts_with("'data' is no dataset"));
        inFile(path(), [](hid_t file) { writeData(file, {0, 5, 3}, {}); });
        QVERIFY(message().starts_with("no points"));
        inFile(path(), [](hid_t file) { writeData(file, {1, 1, 3}, {NAN, 0, 0}); });
        QVERIFY(message().starts_with("all 1 points"));
        inFile(path(), [](hid_t file) { writeData(file, {1, 1, 3}, {1, 2, 3}); });
        QVERIFY(message({.sampling = MeshSampling::Faces}).starts_with("no faces"));
    }

    void shapes_data() {
        QTest::addColumn<Shape>("shape");
        QTest::addColumn<QString>("text");
        QTest::newRow("scalar") << Shape{} << "the shape ()";
        QTest::newRow("one") << Shape{12} << "(12,)";
        QTest::newRow("two") << Shape{4, 3} << "(4, 3)";
        QTest::newRow("four") << Shape{1, 2, 2, 3} << "(1, 2, 2, 3)";
        QTest::newRow("two columns") << Shape{2, 3, 2} << "(2, 3, 2)";
    }
    void shapes() {
        QFETCH(Shape, shape);
        QFETCH(QString, text);
        inFile(path(), [&](hid_t file) { writeData(file, shape, ramp(shape)); });
        const QString said = QString::fromStdString(message());
        QVERIFY2(said.contains(text + ", expected (samples, points, 3 or more)"), qPrintable(said));
    }

    void types() {
        for (const hid_t type : {H5T_STD_I32LE, H5T_STD_U8LE, H5T_C_S1}) {
            inFile(path(), [type](hid_t file) {
                writeData(file, {1, 2, 3}, {}, {.type = type, .has_values = false});
            });
            QVERIFY(message().find("expected float32 or float64") != std::string::npos);
        }
        // A float as the library may describe one, but nobody writes.
        const hid_t odd = H5Tcopy(H5T_IEEE_F32LE);
        H5Tset_ebias(odd, 100);
        inFile(path(), [odd](hid_t file) { writeData(file, {1, 2, 3}, {}, {.type = odd}); });
        QVERIFY(message().find("expected float32 or float64") != std::string::npos);
        H5Tclose(odd);
    }

    void promises() {
        // None of these was ever written, so that the files are small.
        const Shape billions = {1000, 1000000000, 3};
        inFile(path(), [&](hid_t file) { writeData(file, billions, {}, {.has_values = false}); });
        QVERIFY(message().starts_with("'data' promises the shape (1000, 1000000000, 3)"));
        inFile(path(), [&](hid_t file) {
            writeData(file, billions, {}, {.chunk = {1, 1000, 3}, .has_values = false});
        });
        QVERIFY(message().ends_with("but the file holds 0 bytes of it: " + path()));
        const Shape most = {1ULL << 40U, 1ULL << 40U, 3};
        inFile(path(), [&](hid_t file) {
            writeData(file, most, {}, {.chunk = {1, 1000, 3}, .has_values = false});
        });
        QVERIFY(message().starts_with("'data' promises the shape"));
        // One chunk of a thousand.
        inFile(path(), [&](hid_t file) {
            writeData(
                file, {1000, 100000, 3}, {},
                {.chunk = {1, 100000, 3}, .is_packed = true, .has_values = false});
            const hid_t dataset = H5Dopen2(file, "data", H5P_DEFAULT);
            const std::string chunk = "x";
            const std::array<hsize_t, 3> at = {0, 0, 0};
            H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, at.data(), chunk.size(), chunk.data());
            H5Dclose(dataset);
        });
        QVERIFY(message().starts_with("'data' promises the shape"));
    }

    void damagedChunks() {
        inFile(path(), [&](hid_t file) {
            writeData(
                file, {1, 100, 3}, {},
                {.chunk = {1, 100, 3}, .is_packed = true, .has_values = false});
            const hid_t dataset = H5Dopen2(file, "data", H5P_DEFAULT);
            const std::string chunk(100, 'x');
            const std::array<hsize_t, 3> at = {0, 0, 0};
            H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, at.data(), chunk.size(), chunk.data());
            H5Dclose(dataset);
        });
        QVERIFY(message().starts_with("the values of 'data' cannot be read"));
    }

    /// What comes out of the filters is shorter or longer than a chunk, or they were left out.
    void chunksOfAnotherSize() {
        const auto verify = [this](const std::string& chunk, std::uint32_t left_out) {
            inFile(path(), [&](hid_t file) {
                writeData(
                    file, {1, 100, 3}, {},
                    {.chunk = {1, 100, 3}, .is_packed = true, .has_values = false});
                const hid_t dataset = H5Dopen2(file, "data", H5P_DEFAULT);
                const std::array<hsize_t, 3> at = {0, 0, 0};
                H5Dwrite_chunk(
                    dataset, H5P_DEFAULT, left_out, at.data(), chunk.size(), chunk.data());
                H5Dclose(dataset);
            });
            return message().starts_with("the values of 'data' cannot be read");
        };
        const auto packed = [](std::size_t bytes) {
            const QByteArray zlib = qCompress(QByteArray(qsizetype(bytes), 'x')).mid(4);
            return zlib.toStdString();
        };
        QVERIFY(verify(packed(1100), 0));
        QVERIFY(verify(packed(1300), 0));
        QVERIFY(verify(packed(1200).substr(0, 12), 0));
        QVERIFY(verify(std::string(40, 'x'), 3));
        QVERIFY(!verify(packed(1200), 0));
    }

    void filters() {
        inFile(path(), [&](hid_t file) {
            const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
            H5Pset_scaleoffset(creation, H5Z_SO_FLOAT_DSCALE, 2);
            writeData(file, {1, 2, 3}, ramp({1, 2, 3}), {.chunk = {1, 2, 3}}, creation);
        });
        QVERIFY(message().find("filter 6, expected gzip") != std::string::npos);
    }

    void otherFilesAreNotRead() {
        const std::string secret = files_.write("secret", std::string(24, 'x'));
        inFile(path(), [&](hid_t file) {
            const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
            H5Pset_external(creation, secret.c_str(), 0, 24);
            writeData(file, {1, 2, 3}, {}, {.has_values = false}, creation);
        });
        QVERIFY(message().starts_with("the values of 'data' are in other files"));

        const std::string other = files_.path("other.h5");
        inFile(other, [](hid_t file) { writeData(file, {1, 2, 3}, ramp({1, 2, 3})); });
        inFile(path(), [&](hid_t file) {
            H5Lcreate_external(other.c_str(), "data", file, "data", H5P_DEFAULT, H5P_DEFAULT);
        });
        QVERIFY(message().starts_with("'data' is a link"));
        inFile(path(), [&](hid_t file) {
            const Shape shape = {1, 2, 3};
            const hid_t space = H5Screate_simple(3, shape.data(), nullptr);
            const hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
            H5Pset_virtual(creation, space, other.c_str(), "data", space);
            writeData(file, shape, {}, {.has_values = false}, creation);
            H5Sclose(space);
        });
        QVERIFY(message().starts_with("the values of 'data' are in other files"));
    }

    void truncatedAnywhere() {
        const Shape shape = {2, 50, 3};
        inFile(path(), [&](hid_t file) {
            writeData(file, shape, ramp(shape), {.chunk = {1, 50, 3}, .is_packed = true});
        });
        const std::string whole = bytesOf(path());
        for (std::size_t size = 0; size < whole.size(); size += 13) {
            files_.write("a.h5", whole.substr(0, size));
            const std::string said = message();
            QVERIFY2(said.starts_with("is no HDF5 file"), said.c_str());
        }
    }

    void theLibrarySpeaksToOthersAsBefore() {
        files_.write("a.h5", "none");
        QVERIFY(!message().empty());
        const std::string printed = stderrOf(
            files_.path("stderr"), [&] { H5Fopen(path().c_str(), H5F_ACC_RDONLY, H5P_DEFAULT); });
        QVERIFY(printed.find("HDF5-DIAG") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(H5Test)
#include "h5_test.moc"
