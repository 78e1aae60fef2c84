#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include <fcntl.h>
#include <unistd.h>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/error.h"
#include "core/media/image_file.h"

using namespace vitreous;

namespace {

const std::string kData = VITREOUS_TEST_DATA "/media/";
using Pixel = std::array<int, 3>;

Pixel pixel(const Image& image, int x, int y) {
    const std::size_t at = (std::size_t(y) * std::size_t(image.width) + std::size_t(x)) * 3;
    return {image.pixels[at], image.pixels[at + 1], image.pixels[at + 2]};
}

bool near(const Pixel& a, const Pixel& b, int tolerance) {
    for (std::size_t i = 0; i < 3; ++i) {
        if (std::abs(a[i] - b[i]) > tolerance) {
            return false;
        }
    }
    return true;
}

std::string bytesOf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace

class ImageTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;

    std::string file(const std::string& name, const std::string& bytes) {
        std::string path = folder_.filePath(QString::fromStdString(name)).toStdString();
        std::ofstream(path, std::ios::binary).write(bytes.data(), std::streamsize(bytes.size()));
        return path;
    }

    static void refused(const std::string& path, const std::string& word) {
        try {
            readImage(path);
            QFAIL("it was read");
        } catch (const Error& error) {
            const std::string message = error.what();
            QCOMPARE(error.code(), ErrorCode::Input);
            QVERIFY2(message.find(word) != std::string::npos, message.c_str());
            QVERIFY2(message.ends_with(path), message.c_str());
            QVERIFY(message.find('\n') == std::string::npos);
        }
    }

private Q_SLOTS:
    void losslessFormatsAreExact_data() {
        QTest::addColumn<QString>("name");
        for (const char* name :
             {"rgb.png", "rgba.png", "rgb.tiff", "rgb.bmp", "rgb.ppm", "rgb.webp"}) {
            QTest::newRow(name) << name;
        }
    }
    void losslessFormatsAreExact() {
        QFETCH(QString, name);
        const Image image = readImage(kData + name.toStdString());
        QCOMPARE(image.width, 32);
        QCOMPARE(image.height, 24);
        for (int y = 0; y < 24; ++y) {
            for (int x = 0; x < 32; ++x) {
                QCOMPARE(pixel(image, x, y), (Pixel{x * 8, y * 10, (x + y) * 4}));
            }
        }
    }

    void grayIsRepeated_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"gray.png", "gray_alpha.png", "gray16.png"}) {
            QTest::newRow(name) << name;
        }
    }
    void grayIsRepeated() {
        QFETCH(QString, name);
        const Image image = readImage(kData + name.toStdString());
        for (int x = 0; x < 32; ++x) {
            QVERIFY(near(pixel(image, x, 7), {x * 8, x * 8, x * 8}, name == "gray16.png" ? 1 : 0));
        }
    }

    void bitsAndPalettes() {
        const Image bits = readImage(kData + "bits.png");
        QCOMPARE(pixel(bits, 0, 0), (Pixel{0, 0, 0}));
        QCOMPARE(pixel(bits, 31, 0), (Pixel{255, 255, 255}));
        const Image palette = readImage(kData + "palette.png");
        QCOMPARE(pixel(palette, 0, 0), (Pixel{24, 20, 20}));
        QCOMPARE(pixel(palette, 31, 23), (Pixel{216, 200, 188}));
    }

    void jpegEqualsPillow() {
        const Image image = readImage(kData + "plain.jpg");
        QCOMPARE(pixel(image, 0, 0), (Pixel{0, 1, 2}));
        QCOMPARE(pixel(image, 9, 5), (Pixel{70, 51, 55}));
        QCOMPARE(pixel(image, 31, 23), (Pixel{249, 229, 218}));
        QCOMPARE(pixel(image, 16, 12), (Pixel{128, 121, 113}));
    }

    void cmykIsConverted() {
        const Image image = readImage(kData + "cmyk.jpg");
        QVERIFY(near(pixel(image, 0, 0), {0, 0, 0}, 2));
        QVERIFY(near(pixel(image, 9, 5), {72, 50, 56}, 2));
        QVERIFY(near(pixel(image, 31, 23), {248, 230, 216}, 2));
        QVERIFY(near(pixel(image, 16, 12), {128, 120, 112}, 2));
    }

    void standsUpright_data() {
        QTest::addColumn<int>("orientation");
        QTest::addColumn<int>("width");
        QTest::addColumn<QString>("corners"); // top left, top right, bottom left
        const std::array<std::pair<int, const char*>, 8> facts = {
            {{16, "rgb"},
             {16, "grk"},
             {16, "kbg"},
             {16, "bkr"},
             {8, "rbg"},
             {8, "brk"},
             {8, "kgb"},
             {8, "gkr"}}};
        for (std::size_t i = 0; i < facts.size(); ++i) {
            QTest::addRow("%d", int(i) + 1) << int(i) + 1 << facts[i].first << facts[i].second;
        }
    }
    void standsUpright() {
        QFETCH(int, orientation);
        QFETCH(int, width);
        QFETCH(QString, corners);
        const Image image = readImage(kData + "turned" + std::to_string(orientation) + ".jpg");
        QCOMPARE(image.width, width);
        const std::array<std::pair<int, int>, 3> places = {
            {{2, 2}, {image.width - 3, 2}, {2, image.height - 3}}};
        const std::map<char, Pixel> colors = {
            {'r', {254, 0, 0}}, {'g', {2, 255, 2}}, {'b', {0, 0, 254}}, {'k', {0, 1, 0}}};
        for (std::size_t i = 0; i < 3; ++i) {
            const Pixel& expected = colors.at(corners.toStdString()[i]);
            const Pixel found = pixel(image, places[i].first, places[i].second);
            QVERIFY2(near(found, expected, 3), QByteArray::number(int(i)));
        }
    }

    void contentDecides() {
        const std::string path = file("really.png", bytesOf(kData + "plain.jpg"));
        QCOMPARE(readImage(path).width, 32);
    }

    void truncatedIsRefused_data() {
        QTest::addColumn<QString>("name");
        for (const char* name :
             {"plain.jpg", "rgb.png", "rgba.png", "rgb.tiff", "rgb.bmp", "rgb.ppm", "rgb.webp"}) {
            QTest::newRow(name) << name;
        }
    }
    void truncatedIsRefused() {
        QFETCH(QString, name);
        const std::string bytes = bytesOf(kData + name.toStdString());
        for (std::size_t size = 1; size < bytes.size(); size += size + 8 < bytes.size() ? 7 : 1) {
            const std::string path = file("cut", bytes.substr(0, size));
            try {
                readImage(path);
                QFAIL(QByteArray::number(qulonglong(size)));
            } catch (const Error& error) {
                QCOMPARE(error.code(), ErrorCode::Input);
            }
        }
    }

    void saysWhatIsWrong() {
        refused("/nonexistent.png", "no such file");
        refused(folder_.path().toStdString(), "no regular file");
        refused(file("empty.png", ""), "empty");
        refused(file("text.png", "just a few words of text"), "is no picture");
        std::string huge = bytesOf(kData + "rgb.png");
        huge.replace(16, 8, std::string("\x7f\xff\xff\xff\x7f\xff\xff\xff", 8));
        refused(file("huge.png", huge), "at most 178956970");
        std::string broken = bytesOf(kData + "rgb.bmp");
        broken.replace(14, 4, std::string("\x01\x00\x00\x00", 4));
        refused(file("broken.bmp", broken), "");
    }

    void saysNothingItself() {
        // The decoders' own words stay out of the standard error stream, which is back afterwards.
        std::string broken = bytesOf(kData + "rgb.png");
        broken[60] = static_cast<char>(broken[60] ^ 0x55);
        const std::string path = file("broken.png", broken);
        const std::string log = folder_.filePath("stderr").toStdString();
        // NOLINTNEXTLINE(clang-analyzer-deadcode.DeadStores): it is put back below.
        const int kept = dup(STDERR_FILENO);
        const int target = open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        dup2(target, STDERR_FILENO);
        QVERIFY_EXCEPTION_THROWN(readImage(path), Error);
        QCOMPARE(write(STDERR_FILENO, "back", 4), ssize_t{4});
        dup2(kept, STDERR_FILENO);
        close(target);
        close(kept);
        QCOMPARE(bytesOf(log), "back");
    }

    void damagedNeverCrashes() {
        for (const char* name :
             {"plain.jpg", "rgb.png", "rgb.tiff", "rgb.bmp", "rgb.webp", "rgb.ppm",
              "turned6.jpg"}) {
            const std::string bytes = bytesOf(kData + name);
            std::uint32_t state = 5;
            for (int round = 0; round < 200; ++round) {
                std::string damaged = bytes;
                for (int flip = 0; flip < 3; ++flip) {
                    state = state * 1664525U + 1013904223U;
                    damaged[(state >> 8) % damaged.size()] = static_cast<char>(state >> 24);
                }
                try {
                    readImage(file("damaged", damaged));
                } catch (const Error& error) {
                    QCOMPARE(error.code(), ErrorCode::Input);
                }
            }
        }
    }

    void writesWholePngs() {
        const Image image = readImage(kData + "rgb.png");
        std::string path = folder_.filePath("out.png").toStdString();
        writePng(path, image);
        QVERIFY(readImage(path) == image);
        QVERIFY_EXCEPTION_THROWN(writePng("/nonexistent/out.png", image), Error);
        QVERIFY_EXCEPTION_THROWN(writePng(path, Image()), Error);
        QVERIFY_EXCEPTION_THROWN(writeMask(path, Mask()), Error);
        QVERIFY(readImage(path) == image);
    }

    void masksAreWhereAnythingIs() {
        using Values = std::vector<std::uint8_t>;
        // One of 65,535 would be 0 of 255.
        const std::string wide = file(
            "wide.pgm", std::string("P5 3 2 65535\n") + std::string(
                                                            "\0\0\0\1\xff\xff"
                                                            "\1\0\0\0\0\2",
                                                            12));
        const Mask mask = readMask(wide);
        QCOMPARE(mask.width, 3);
        QCOMPARE(mask.height, 2);
        QCOMPARE(mask.values, (Values{0, 255, 255, 255, 0, 255}));
        // One channel suffices.
        const std::string colour =
            file("colour.ppm", std::string("P6 3 1 255\n\0\0\1\0\0\0\2\0\0", 11 + 9));
        QCOMPARE(readMask(colour).values, (Values{255, 0, 255}));
        // Alpha tells nothing: red is x * 8 in both.
        QCOMPARE(readMask(kData + "gray_alpha.png").values, readMask(kData + "gray.png").values);
        QCOMPARE(int(readMask(kData + "gray_alpha.png").values[0]), 0);
        try {
            readMask(file("broken.png", "no picture at all"));
            QFAIL("it was read");
        } catch (const Error& error) {
            QVERIFY(error.code() == ErrorCode::Input);
            QVERIFY(std::string(error.what()).ends_with("broken.png"));
        }
    }

    void masksComeBack() {
        const Mask mask{3, 2, {0, 255, 0, 255, 255, 0}};
        const std::string path = folder_.filePath("mask.png").toStdString();
        writeMask(path, mask);
        QVERIFY(readMask(path) == mask);
        // 8-bit gray, no palette.
        const std::string bytes = bytesOf(path);
        QCOMPARE(int(bytes.at(24)), 8);
        QCOMPARE(int(bytes.at(25)), 0);
    }

    void masksStandUpright() {
        // The orientations that turn, that mirror, and those outside of JPEG.
        for (const char* name : {"turned2.jpg", "turned6.jpg", "turned7.jpg", "turned.tiff"}) {
            const Image image = readImage(kData + name);
            const Mask mask = readMask(kData + name);
            QCOMPARE(mask.width, image.width);
            QCOMPARE(mask.height, image.height);
            for (std::size_t i = 0; i < mask.values.size(); ++i) {
                const auto first = image.pixels.begin() + std::ptrdiff_t(i * 3);
                const bool any = std::any_of(first, first + 3, [](int byte) { return byte != 0; });
                QCOMPARE(int(mask.values[i]), any ? 255 : 0);
            }
        }
    }
};

QTEST_APPLESS_MAIN(ImageTest)
#include "image_test.moc"
