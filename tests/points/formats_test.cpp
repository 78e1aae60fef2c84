#include <QtTest>

#include "tests/points/cloud_files.h"

using namespace vitreous;
using namespace vitreous::testing;

namespace {

std::string pcd(const std::string& data) {
    return "# .PCD v0.7\nVERSION 0.7\nFIELDS label x y z rgb\nSIZE 1 4 4 4 4\nTYPE U F F F F\n"
           "COUNT 2 1 1 1 1\nWIDTH 2\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS 2\nDATA " +
           data + "\n";
}

/// 0xff85020a: as a float a signalling NaN, which must not be touched on the way.
const std::string color = "\x0a\x02\x85\xff";

std::string npy(const std::string& type, const std::string& shape, const std::string& data) {
    const std::string facts =
        "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + ", }\n";
    return std::string("\x93NUMPY\x01\0", 8) + bytesOfNumber(std::uint16_t(facts.size())) + facts +
           data;
}

} // namespace

class FormatsTest : public QObject {
    Q_OBJECT

private:
    CloudFiles files_;

    static void verifyPcd(const PointCloud& cloud) {
        QCOMPARE(cloud.positions, (Floats{1, 2, 3, 4, 5, 6}));
        QCOMPARE(cloud.colors, (Bytes{0x85, 2, 10, 0x85, 2, 10}));
    }

private Q_SLOTS:
    void pcdText() {
        // 12197386 is 0xba1e0a; as float bits it is 1.7092e-38.
        std::string text = pcd("ascii") + "9 9 1 2 3 1.7092178e-38\n8 8 4 5 6 0\n";
        const PointCloud floats = files_.read("a.pcd", text);
        QCOMPARE(floats.positions, (Floats{1, 2, 3, 4, 5, 6}));
        QCOMPARE(floats.colors[0], std::uint8_t{0xba});
        text = "FIELDS x y z rgba\nSIZE 4 4 4 4\nTYPE F F F U\nWIDTH 1\nHEIGHT 1\nDATA ascii\n"
               "1 2 3 4278255361\n";
        QCOMPARE(files_.read("a.pcd", text).colors, (Bytes{0, 255, 1}));
    }

    void pcdBinary() {
        const std::string bytes = "ab" + bytesOfNumbers<float>({1, 2, 3}) + color + "ab" +
                                  bytesOfNumbers<float>({4, 5, 6}) + color;
        verifyPcd(files_.read("a.pcd", pcd("binary") + bytes));
    }

    void pcdCompressed() {
        // Fields one after the other; the second colour refers 4 bytes back.
        const std::string plain = "abab" + bytesOfNumbers<float>({1, 4, 2, 5, 3, 6}) + color;
        const std::string packed =
            "\x1f" + plain + std::string("\x40\x03", 2); // 32 as they are, 4 from 4 back
        const auto sizes = [&](std::size_t from) {
            return bytesOfNumbers<std::uint32_t>({std::uint32_t(packed.size()), 36}) +
                   packed.substr(from);
        };
        QCOMPARE(plain.size(), std::size_t{32});
        verifyPcd(files_.read("a.pcd", pcd("binary_compressed") + sizes(0)));
        QVERIFY(
            files_.messageOf("a.pcd", pcd("binary_compressed") + sizes(1)).find("truncated") !=
            std::string::npos);
        const std::string damaged = pcd("binary_compressed") + sizes(0).replace(8, 1, "A");
        QVERIFY(files_.messageOf("a.pcd", damaged).find("damaged") != std::string::npos);
    }

    void pcdLongRuns() {
        // A literal of one float, then 7 + 2 + 23 = 32 bytes from 4 back: all coordinates are it.
        const std::string packed = "\x03" + bytesOfNumber(2.5f) + "\xe0\x17\x03";
        const std::string text = "FIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nWIDTH 3\nHEIGHT 1\n"
                                 "DATA binary_compressed\n" +
                                 bytesOfNumbers<std::uint32_t>({8, 36}) + packed;
        QCOMPARE(files_.read("a.pcd", text).positions, Floats(9, 2.5f));
    }

    void rows_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QByteArray>("colors");
        const auto add = [](const char* row, const char* name, const char* text,
                            const QByteArray& colors = {}) {
            QTest::newRow(row) << QString(name) << QString(text) << colors;
        };
        add("blanks", "a.xyz", "1 2 3\n4\t5  6\n");
        add("no end of line", "a.txt", "1 2 3\r\n4 5 6");
        add("ModelNet", "a.txt", "1,2,3,0.1,0.2,0.3\n4,5,6,1,0,0\n");
        add("normals of a box", "a.xyz", "1 2 3 0 0 1\n4 5 6 1 0 0\n");
        add("semicolons", "a.csv", "1;2;3\n4;5;6\n");
        add("header", "a.csv", "x, y, z\n1, 2, 3\n4, 5, 6\n");
        add("named columns", "a.csv", "id,\"Z\",y,x\n0,3,2,1\n1,6,5,4\n");
        add("comments", "a.txt", "# x y z\n1 2 3\n// more\n4 5 6\n");
        add("count", "a.xyz", "2\n1 2 3\n4 5 6\n");
        add("colours", "a.txt", "1 2 3 255 0 9\n4 5 6 1 2 3\n", QByteArray("\xff\0\x09\1\2\3", 6));
        add("no colours after all", "a.txt", "1 2 3 255 0 9\n4 5 6 1.5 2 3\n");
        add("ScanObjectNN", "a.txt", "1 2 3 0.5 0.5 0 200 100 50 0 -1\n4 5 6 1 0 0 0 1 2 0 -1\n",
            QByteArray("\xc8\x64\x32\0\1\2", 6));
    }

    void rows() {
        QFETCH(QString, name);
        QFETCH(QString, text);
        QFETCH(QByteArray, colors);
        const PointCloud cloud = files_.read(name.toStdString(), text.toStdString());
        QCOMPARE(cloud.positions, (Floats{1, 2, 3, 4, 5, 6}));
        QCOMPARE(cloud.colors, Bytes(colors.begin(), colors.end()));
    }

    void npyArrays() {
        const PointCloud floats =
            files_.read("a.npy", npy("<f4", "(2, 3)", bytesOfNumbers<float>({1, 2, 3, 4, 5, 6})));
        QCOMPARE(floats.positions, (Floats{1, 2, 3, 4, 5, 6}));
        const PointCloud doubles = files_.read(
            "a.npy", npy("<f8", "(2, 4)", bytesOfNumbers<double>({1, 2, 3, 9, HUGE_VAL, 5, 6, 9})));
        QCOMPARE(doubles.positions, (Floats{1, 2, 3}));
        QCOMPARE(doubles.dropped, std::size_t{1});
    }

    void offMeshes() {
        const Floats expected = {1, 2, 3, 4, 5, 6};
        QCOMPARE(files_.read("a.off", "OFF\n# c\n2 0 0\n\n1 2 3\n4 5 6\n").positions, expected);
        QCOMPARE(files_.read("a.off", "OFF 2 0 0\n1 2 3\n4 5 6").positions, expected);
        QCOMPARE(files_.read("a.off", "OFF2 0 0\n1 2 3\n4 5 6\n").positions, expected);
        const PointCloud colored =
            files_.read("a.off", "COFF\n2 0 0\n1 2 3 9 8 255 255\n4 5 6 0.0 0.5 1.0 1.0\n");
        QCOMPARE(colored.positions, expected);
        QCOMPARE(colored.colors, (Bytes{9, 8, 255, 0, 128, 255}));
    }

    void offFaces() {
        const PointCloud cloud = files_.read(
            "a.off", "COFF 3 1 0\n0 0 0 200 0 0\n1 0 0 200 0 0\n0 1 0 200 0 0\n3 0 1 2 0.5\n",
            {MeshSampling::Faces, 100});
        QCOMPARE(cloud.size(), std::size_t{100});
        QCOMPARE(cloud.colors[0], std::uint8_t{200});
        for (std::size_t i = 0; i < cloud.size(); ++i) {
            QVERIFY(cloud.positions[3 * i] + cloud.positions[3 * i + 1] <= 1.00001f);
        }
    }

    void extensions() {
        QVERIFY(hasPointCloudExtension("a.PLY") && hasPointCloudExtension("/b/c.off"));
        QVERIFY(!hasPointCloudExtension("a.png") && !hasPointCloudExtension("ply"));
        QCOMPARE(pointCloudExtensions().size(), std::size_t{8});
        QVERIFY(isPointCloudByName("a.PLY") && isPointCloudByName("a.h5"));
        for (const char* shared : {"a.txt", "a.csv", "a.npy", "a.png", "a"}) {
            QVERIFY2(!isPointCloudByName(shared), shared);
        }
    }
};

QTEST_APPLESS_MAIN(FormatsTest)
#include "formats_test.moc"
