#include <cmath>
#include <fstream>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/error.h"
#include "core/media/image_file.h"

using namespace vitreous;

namespace {

std::string npy(const std::string& header, const std::string& data, char version = 1) {
    std::string bytes("\x93NUMPY", 6);
    bytes += version;
    bytes += '\0';
    bytes += static_cast<char>(header.size() & 0xff);
    bytes += static_cast<char>(header.size() >> 8);
    if (version > 1) {
        bytes += std::string(2, '\0');
    }
    return bytes + header + data;
}

std::string facts(const std::string& descr, const std::string& shape, bool fortran = false) {
    return "{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") +
           ", 'shape': " + shape + ", }\n";
}

template <typename T>
std::string raw(std::initializer_list<T> values) {
    return {reinterpret_cast<const char*>(values.begin()), values.size() * sizeof(T)};
}

} // namespace

class NpyTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;

    std::string file(const std::string& bytes) {
        const std::string path = folder_.filePath("a.npy").toStdString();
        std::ofstream(path, std::ios::binary).write(bytes.data(), std::streamsize(bytes.size()));
        return path;
    }

private Q_SLOTS:
    void readsEveryType() {
        const Array floats = readNpy(file(npy(facts("<f4", "(2, 1)"), raw<float>({1.5f, -2.0f}))));
        QCOMPARE(floats.shape, (std::vector<std::int64_t>{2, 1}));
        QCOMPARE(floats.values, (std::vector<float>{1.5f, -2.0f}));
        QCOMPARE(
            readNpy(file(npy(facts("<f8", "(2,)"), raw<double>({1.5, -2.0}), 2))).values,
            (std::vector<float>{1.5f, -2.0f}));
        QCOMPARE(
            readNpy(file(npy(facts("|u1", "(3,)"), raw<std::uint8_t>({0, 7, 255})))).values,
            (std::vector<float>{0, 7, 255}));
        const Array halves = readNpy(file(npy(
            facts("<f2", "(5,)"), raw<std::uint16_t>({0x3e00, 0xc000, 0x0001, 0x7c00, 0x7e00}))));
        QCOMPARE(halves.values[0], 1.5f);
        QCOMPARE(halves.values[1], -2.0f);
        QCOMPARE(halves.values[2], std::ldexp(1.0f, -24));
        QVERIFY(std::isinf(halves.values[3]) && std::isnan(halves.values[4]));
        QCOMPARE(
            readNpy(file(npy(facts(">f4", "(1,)"), std::string("\x3f\xc0\x00\x00", 4)))).values[0],
            1.5f);
        QCOMPARE(
            readNpy(file(npy(facts("<f4", "()"), raw<float>({3.0f})))).values.size(),
            std::size_t{1});
    }

    void columnOrderIsTurned() {
        const Array array =
            readNpy(file(npy(facts("<f4", "(2, 3)", true), raw<float>({0, 3, 1, 4, 2, 5}))));
        QCOMPARE(array.values, (std::vector<float>{0, 1, 2, 3, 4, 5}));
    }

    void refusesBadFiles_data() {
        QTest::addColumn<QByteArray>("bytes");
        const auto add = [](const char* name, const std::string& bytes) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes);
        };
        add("empty", "");
        add("text", "hello, this is no array");
        add("truncated data", npy(facts("<f4", "(2,)"), raw<float>({1.0f})));
        add("truncated header", npy(facts("<f4", "(2,)"), "").substr(0, 40));
        add("integers", npy(facts("<i4", "(1,)"), raw<std::int32_t>({1})));
        add("structured",
            npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }\n",
                raw<float>({1.0f})));
        add("overflow", npy(facts("<f4", "(999999999999, 999999999999)"), raw<float>({1.0f})));
        add("negative", npy(facts("<f4", "(-1,)"), raw<float>({1.0f})));
        add("no shape", npy("{'descr': '<f4', 'fortran_order': False, }\n", raw<float>({1.0f})));
        add("huge header", std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12) + "x");
    }
    void refusesBadFiles() {
        QFETCH(QByteArray, bytes);
        const std::string path = file(bytes.toStdString());
        try {
            readNpy(path);
            QFAIL("it was read");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Input);
            QVERIFY2(std::string(error.what()).ends_with(path), error.what());
        }
    }
};

QTEST_APPLESS_MAIN(NpyTest)
#include "npy_test.moc"
