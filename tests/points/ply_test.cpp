#include <algorithm>
#include <cmath>
#include <filesystem>

#include <QtTest>

#include "tests/points/cloud_files.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

const std::string square = "ply\nformat ascii 1.0\nelement vertex 4\nproperty float x\n"
                           "property float y\nproperty float z\nelement face 1\n"
                           "property list uchar int vertex_indices\nend_header\n"
                           "0 0 0\n2 0 0\n2 1 0\n0 1 0\n4 0 1 2 3\n";

std::string header(const std::string& format, const std::string& body) {
    return "ply\nformat " + format + " 1.0\n" + body + "end_header\n";
}

/// Two vertices with a list, a colour and an order of their own, after another element.
std::string binary(bool is_big) {
    const auto vertex = [&](double x, std::int16_t y, float z, std::uint8_t red) {
        return bytesOfNumber(z, is_big) + bytesOfNumber(std::uint8_t{2}) +
               bytesOfNumbers<std::int32_t>({7, 8}, is_big) + bytesOfNumber(red) +
               bytesOfNumber(x, is_big) + bytesOfNumbers<std::uint8_t>({1, 2}) +
               bytesOfNumber(y, is_big);
    };
    return header(
               is_big ? "binary_big_endian" : "binary_little_endian",
               "comment made by hand\nelement camera 2\nproperty list uint8 uint16 sizes\n"
               "property int8 kind\nelement vertex 2\nproperty float32 z\n"
               "property list uchar int neighbours\nproperty uchar red\nproperty double x\n"
               "property uchar green\nproperty uchar blue\nproperty short y\n") +
           bytesOfNumber(std::uint8_t{1}) + bytesOfNumber(std::uint16_t{513}, is_big) + "\x05" +
           bytesOfNumber(std::uint8_t{0}) + "\x06" + vertex(0.5, -3, 1.25f, 255) +
           vertex(-8.0, 300, 0.0f, 9);
}

} // namespace

class PlyTest : public QObject {
    Q_OBJECT

private:
    CloudFiles files_;

private Q_SLOTS:
    void readsText() {
        const PointCloud cloud = files_.read(
            "a.ply", "ply\r\nformat ascii 1.0\r\ncomment a b\r\nobj_info c\r\nelement vertex 2\r\n"
                     "property float nx\r\nproperty double z\r\nproperty float x\r\n"
                     "property float y\r\nend_header\r\n9 3 1 2\r\n\r\n9 +6e0 -4 5.5\r\n");
        QCOMPARE(cloud.positions, (Floats{1, 2, 3, -4, 5.5f, 6}));
        QVERIFY(cloud.colors.empty());
        QCOMPARE(cloud.size(), std::size_t{2});
        QCOMPARE(cloud.origin, (std::array<double, 3>{}));
    }

    void readsBinary_data() {
        QTest::addColumn<bool>("is_big");
        QTest::newRow("little") << false;
        QTest::newRow("big") << true;
    }

    void readsBinary() {
        QFETCH(bool, is_big);
        const PointCloud cloud = files_.read("a.ply", binary(is_big));
        QCOMPARE(cloud.positions, (Floats{0.5f, -3, 1.25f, -8, 300, 0}));
        QCOMPARE(cloud.colors, (Bytes{255, 1, 2, 9, 1, 2}));
    }

    void readsEveryType() {
        const std::string bytes =
            header(
                "binary_little_endian", "element vertex 1\nproperty char a\nproperty ushort b\n"
                                        "property uint x\nproperty int y\nproperty int16 z\n"
                                        "property uint32 c\nproperty float64 d\n") +
            bytesOfNumber(std::int8_t{-1}) + bytesOfNumber(std::uint16_t{2}) +
            bytesOfNumber(std::uint32_t{3000000000U}) + bytesOfNumber(std::int32_t{-7}) +
            bytesOfNumber(std::int16_t{-300}) + bytesOfNumber(std::uint32_t{1}) +
            bytesOfNumber(1.0);
        const PointCloud cloud = files_.read("a.ply", bytes);
        QCOMPARE(cloud.origin, (std::array<double, 3>{3e9, -7, -300})); // far from 0
        QCOMPARE(cloud.positions, (Floats{0, 0, 0}));
    }

    void readsColors() {
        const auto colors = [&](const std::string& type, const std::string& prefix,
                                const std::string& row) {
            std::string body = "element vertex 1\n";
            for (const char* axis : {"x", "y", "z"}) {
                body += std::string("property float ") + axis + "\n";
            }
            for (const char* sample : {"red", "green", "blue"}) {
                const std::string name = prefix == "r" ? std::string(1, *sample) : prefix + sample;
                body.append("property ").append(type).append(" ").append(name).append("\n");
            }
            return files_.read("a.ply", header("ascii", body) + "0 0 0 " + row + "\n").colors;
        };
        QCOMPARE(colors("uchar", "", "0 7 255"), (Bytes{0, 7, 255}));
        QCOMPARE(colors("ushort", "diffuse_", "0 257 65535"), (Bytes{0, 1, 255}));
        QCOMPARE(colors("float", "r", "0 0.5 2"), (Bytes{0, 128, 255}));
    }

    void badCoordinatesAreDropped() {
        const PointCloud cloud = files_.read(
            "a.ply", header(
                         "ascii", "element vertex 4\nproperty float x\nproperty float y\n"
                                  "property float z\nproperty uchar r\nproperty uchar g\n"
                                  "property uchar b\n") +
                         "nan 0 0 1 1 1\n1 2 3 4 5 6\n0 -inf 0 1 1 1\n0 0 1e999 1 1 1\n");
        QCOMPARE(cloud.positions, (Floats{1, 2, 3}));
        QCOMPARE(cloud.colors, (Bytes{4, 5, 6}));
        QCOMPARE(cloud.dropped, std::size_t{3});
    }

    void farCoordinatesKeepTheirShape() {
        const PointCloud cloud = files_.read(
            "a.ply", header(
                         "ascii", "element vertex 2\nproperty double x\nproperty double y\n"
                                  "property double z\n") +
                         "500000.125 5000000.25 3\n500000.375 5000000.75 5\n");
        QCOMPARE(cloud.origin, (std::array<double, 3>{500000, 5000001, 4}));
        QCOMPARE(cloud.positions, (Floats{0.125f, -0.75f, -1, 0.375f, -0.25f, 1}));
    }

    void meshesAreTheirVertices() { QCOMPARE(files_.read("a.ply", square).size(), std::size_t{4}); }

    void facesAreSampledByArea() {
        const CloudOptions options{MeshSampling::Faces, 4000};
        const PointCloud cloud = files_.read("a.ply", square, options);
        QCOMPARE(cloud.size(), std::size_t{4000});
        double left = 0;
        double low = 0;
        for (std::size_t i = 0; i < cloud.size(); ++i) {
            const float x = cloud.positions[3 * i];
            const float y = cloud.positions[3 * i + 1];
            QVERIFY(x >= 0 && x <= 2 && y >= 0 && y <= 1 && cloud.positions[3 * i + 2] == 0);
            left += x < 0.5f ? 1 : 0;
            low += y < 0.5f ? 1 : 0;
        }
        QVERIFY(std::abs(left / 4000 - 0.25) < 0.03);
        QVERIFY(std::abs(low / 4000 - 0.5) < 0.03);
        QVERIFY(cloud == files_.read("a.ply", square, options));
    }

    void facesWithoutGoodCornersAreLeftOut() {
        std::string mesh = square;
        mesh.replace(mesh.find("2 0 0"), 5, "nan 0 0"); // leaves the triangle 0, 2, 3
        const PointCloud cloud = files_.read("a.ply", mesh, {MeshSampling::Faces, 200});
        QCOMPARE(cloud.size(), std::size_t{200});
        QCOMPARE(cloud.dropped, std::size_t{1});
        for (std::size_t i = 0; i < cloud.size(); ++i) {
            QVERIFY(cloud.positions[3 * i + 1] >= cloud.positions[3 * i] / 2 - 1e-6f);
        }
    }

    /// The sums are those of Python's floats of the same text.
    void readsTheGoldenTorus() {
        const std::filesystem::path path = VITREOUS_SHARED "/golden/point/torus.ply";
        if (!std::filesystem::exists(path)) {
            QSKIP("needs ../shared/golden");
        }
        const PointCloud cloud = readPointCloud(path);
        QCOMPARE(cloud.size(), std::size_t{1024});
        QCOMPARE(cloud.positions[0], 0.39194566f);
        QCOMPARE(cloud.positions[5], 0.0564917102f);
        std::array<double, 3> sums{};
        for (std::size_t i = 0; i < cloud.positions.size(); ++i) {
            sums[i % 3] += cloud.positions[i];
        }
        QVERIFY(std::abs(sums[0] - 5e-07) < 1e-4);
        QVERIFY(std::abs(sums[1] - 2.7e-06) < 1e-4);
        QVERIFY(std::abs(sums[2] - -2e-07) < 1e-4);
    }

    /// Every beginning of a file is refused in a known way.
    void everyTruncationIsAnError() {
        for (const std::string& bytes : {binary(false), binary(true)}) {
            for (std::size_t size = 0; size < bytes.size(); ++size) {
                const std::string message = files_.messageOf("a.ply", bytes.substr(0, size));
                QVERIFY2(message.size() > 1, std::to_string(size).c_str());
            }
        }
    }
};

QTEST_APPLESS_MAIN(PlyTest)
#include "ply_test.moc"
