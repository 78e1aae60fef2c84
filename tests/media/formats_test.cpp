// Pictures of every kind against what Pillow makes of them.

#include <array>
#include <cmath>
#include <fstream>
#include <iterator>

#include <QTemporaryDir>
#include <QTest>

#include "core/base/error.h"
#include "core/media/image_file.h"
#include "core/media/image_probe.h"
#include "tests/support/pictures.h"

using namespace vitreous;

namespace {

const std::string kData = VITREOUS_TEST_DATA "/media/";

std::string bytesOf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string number(std::uint32_t value, std::size_t size, bool big) {
    std::string bytes;
    for (std::size_t i = 0; i < size; ++i) {
        bytes += static_cast<char>(value >> (8 * (big ? size - 1 - i : i)) & 0xff);
    }
    return bytes;
}

/// An uncompressed RGBA TIFF of 2 x 2 whose alpha is of that kind (0 unspecified, 1 multiplied in,
/// 2 free); pixel i is (40 i + 9, 40 i + 19, 40 i + 29, 60 i).
std::string tiffWithAlpha(std::uint32_t kind, bool big) {
    struct Entry {
        std::uint32_t tag, type, count, value;
    };
    constexpr std::uint32_t kBitsAt = 8 + 2 + 12 * 10 + 4;
    constexpr std::uint32_t kPixelsAt = kBitsAt + 8;
    constexpr std::array kEntries = std::to_array<Entry>({
        {256, 3, 1, 2},
        {257, 3, 1, 2},
        {258, 3, 4, kBitsAt},
        {259, 3, 1, 1},
        {262, 3, 1, 2},
        {273, 4, 1, kPixelsAt},
        {277, 3, 1, 4},
        {278, 3, 1, 2},
        {279, 4, 1, 16},
    });
    std::string bytes =
        (big ? "MM" : "II") + number(42, 2, big) + number(8, 4, big) + number(10, 2, big);
    const auto add = [&](const Entry& entry) {
        bytes +=
            number(entry.tag, 2, big) + number(entry.type, 2, big) + number(entry.count, 4, big);
        bytes += entry.type == 3 && entry.count == 1
                     ? number(entry.value, 2, big) + number(0, 2, big)
                     : number(entry.value, 4, big);
    };
    for (const Entry& entry : kEntries) {
        add(entry);
    }
    add({338, 3, 1, kind});
    bytes += number(0, 4, big);
    for (int i = 0; i < 4; ++i) {
        bytes += number(8, 2, big);
    }
    for (int i = 0; i < 4; ++i) {
        for (const int sample : {40 * i + 9, 40 * i + 19, 40 * i + 29, 60 * i}) {
            bytes += static_cast<char>(sample);
        }
    }
    return bytes;
}

} // namespace

class FormatsTest : public QObject {
    Q_OBJECT

private:
    QTemporaryDir folder_;

    std::string file(const std::string& bytes) {
        const std::string path = folder_.filePath("picture").toStdString();
        std::ofstream(path, std::ios::binary).write(bytes.data(), std::streamsize(bytes.size()));
        return path;
    }

    /// The message of the error that reading gives.
    static std::string refusal(const std::string& path) {
        try {
            readImage(path);
            return "it was read";
        } catch (const Error& error) {
            const std::string message = error.what();
            return error.code() == ErrorCode::Input && message.ends_with(": " + path) &&
                           message.find('\n') == std::string::npos
                       ? message
                       : "malformed: " + message;
        }
    }

private Q_SLOTS:
    void equalsPillow_data() {
        QTest::addColumn<uint>("crc"); // of Pillow's convert("RGB"), see make_more.py
        for (const auto& [name, crc] : std::to_array<std::pair<const char*, std::uint32_t>>({
                 {"halved.jpg", 0xc3860378U},
                 {"progressive.jpg", 0x3ea9e231U},
                 {"gray.jpg", 0xa8b7ecb8U},
                 {"lzw.tiff", 0x716c372bU},
                 {"deflate.tiff", 0x716c372bU},
                 {"palette.tiff", 0x1c61bbe6U},
                 {"fax.tiff", 0x8a80e605U},
                 {"palette_clear.png", 0x6cf6becfU},
                 {"clear.png", 0x716c372bU},
                 {"palette.bmp", 0xe567d073U},
                 {"alpha.webp", 0x30c20ea2U},
             })) {
            QTest::newRow(name) << crc;
        }
    }
    void equalsPillow() {
        QFETCH(uint, crc);
        const Image image = readImage(kData + QTest::currentDataTag());
        QCOMPARE(image.width, 40);
        QCOMPARE(image.height, 24);
        QCOMPARE(testing::crc32(image.pixels), crc);
    }

    void sixteenBitsAreRounded_data() {
        QTest::addColumn<int>("channels");
        QTest::newRow("rgb16.png") << 3;
        QTest::newRow("rgba16.png") << 3;
        QTest::newRow("gray_alpha16.png") << 1;
    }
    void sixteenBitsAreRounded() {
        QFETCH(int, channels);
        const Image image = readImage(kData + QTest::currentDataTag());
        QCOMPARE(image.width, 7);
        QCOMPARE(image.height, 5);
        for (std::size_t i = 0; i < image.pixels.size(); ++i) {
            const std::size_t x = i / 3 % 7;
            const std::size_t y = i / 21;
            const std::size_t channel = channels == 3 ? i % 3 : 0;
            const std::size_t sample = (x * 5003 + y * 977 + channel * 20011) % 65536;
            QCOMPARE(int(image.pixels[i]), int(std::lround(double(sample) / 257.0)));
        }
    }

    void alphaOfTiffLeavesTheColours_data() {
        QTest::addColumn<uint>("kind");
        QTest::addColumn<bool>("big");
        for (const bool big : {false, true}) {
            for (const uint kind : {0U, 1U, 2U}) {
                QTest::addRow("%s, kind %u", big ? "big" : "little", kind) << kind << big;
            }
        }
    }
    void alphaOfTiffLeavesTheColours() {
        QFETCH(uint, kind);
        QFETCH(bool, big);
        const Image image = readImage(file(tiffWithAlpha(kind, big)));
        QCOMPARE(
            image.pixels,
            (std::vector<std::uint8_t>{9, 19, 29, 49, 59, 69, 89, 99, 109, 129, 139, 149}));
    }

    void whiteOfPnm_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QList<int>>("gray");
        const auto add = [](const char* name, const std::string& bytes, QList<int> gray) {
            QTest::newRow(name) << QByteArray::fromStdString(bytes) << gray;
        };
        add("100", std::string("P5 3 1 100\n\x00\x32\x64", 14), {0, 128, 255});
        add("1023", std::string("P5 3 1 1023\n\x00\x00\x01\xff\x03\xff", 18), {0, 127, 255});
        add("65535", std::string("P5 2 1 65535\n\x00\x00\xff\xff", 17), {0, 255});
        add("plain 15", "P2\n# comment\n3 1\n15\n0 7 15\n", {0, 119, 255});
        add("plain 1023", "P2\n3 1\n1023\n0 511 1023\n", {0, 127, 255});
        add("bits", "P1\n4 1\n1 0 0 1\n", {0, 255, 255, 0});
    }
    void whiteOfPnm() {
        QFETCH(QByteArray, bytes);
        QFETCH(QList<int>, gray);
        const Image image = readImage(file(bytes.toStdString()));
        QCOMPARE(image.width, int(gray.size()));
        for (int i = 0; i < gray.size(); ++i) {
            QCOMPARE(int(image.pixels[std::size_t(i) * 3 + 1]), gray[i]);
        }
    }

    void everyFormatTurns_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"turned.png", "turned.webp", "turned.tiff"}) {
            QTest::newRow(name) << name;
        }
    }
    void everyFormatTurns() {
        QFETCH(QString, name);
        // Orientation 6: the stored left bottom (blue) is the top left, left top (red) top right.
        const Image image = readImage(kData + name.toStdString());
        QCOMPARE(image.width, 8);
        QCOMPARE(image.height, 16);
        const auto at = [&image](std::size_t x, std::size_t y) {
            const auto begin = image.pixels.begin() + std::ptrdiff_t((y * 8 + x) * 3);
            return std::vector<std::uint8_t>(begin, begin + 3);
        };
        QCOMPARE(at(0, 0), (std::vector<std::uint8_t>{0, 0, 255}));
        QCOMPARE(at(7, 0), (std::vector<std::uint8_t>{255, 0, 0}));
        QCOMPARE(at(7, 15), (std::vector<std::uint8_t>{0, 255, 0}));
        QCOMPARE(at(0, 15), (std::vector<std::uint8_t>{0, 0, 0}));
    }

    void endsOfThumbnailsDoNotCount() {
        const std::string plain = bytesOf(kData + "plain.jpg");
        const std::string thumbnail = "\xff\xd8thumbnail\xff\xd9";
        const std::string whole = plain.substr(0, 2) + "\xff\xe1" +
                                  number(std::uint32_t(2 + thumbnail.size()), 2, true) + thumbnail +
                                  plain.substr(2);
        QVERIFY(readImage(file(whole)) == readImage(kData + "plain.jpg"));
        for (std::size_t missing = 1; missing < 200; missing += 11) {
            const std::string message = refusal(file(whole.substr(0, whole.size() - missing)));
            QVERIFY2(message.starts_with("truncated"), message.c_str());
        }
    }

    void filmsBehindPicturesAreLeftAlone() {
        const std::string film(200000, '\x11');
        QVERIFY(
            readImage(file(bytesOf(kData + "plain.jpg") + film)) == readImage(kData + "plain.jpg"));
    }

    void saysWhatItDoesNotRead() {
        const std::string film = kData + "film.webp";
        QCOMPARE(refusal(film), "is an animated WebP, expected a still picture: " + film);
        // A palette that the samples go beyond, sizes that lie, numbers that are none.
        for (const std::string& bytes :
             {std::string("P6 99999999999999999999 2 255\nabcdef"),
              std::string("P4 1073741823 1073741823\nabcdefgh"),
              std::string("P3 2 2 255\n1 2 x y z 3 4 5 6 7 8 9"),
              std::string("BM") + std::string(60, '\0'),
              std::string("II*\0\xff\xff\xff\xff....", 12),
              std::string("RIFF\x10\0\0\0WEBPVP8X", 16), std::string("\xff\xd8\xff\xd9........")}) {
            const std::string message = refusal(file(bytes));
            QVERIFY2(
                message != "it was read" && !message.starts_with("malformed"), message.c_str());
        }
    }

    void probesAnything() {
        std::vector<std::uint8_t> bytes;
        for (const char* name :
             {"halved.jpg", "rgb16.png", "lzw.tiff", "film.webp", "palette.bmp"}) {
            const std::string text = bytesOf(kData + name);
            std::uint32_t state = 7;
            for (int round = 0; round < 2000; ++round) {
                bytes.assign(text.begin(), text.begin() + std::ptrdiff_t(state % text.size()));
                for (int flip = 0; flip < 4 && !bytes.empty(); ++flip) {
                    state = state * 1664525U + 1013904223U;
                    bytes[(state >> 8) % std::min<std::size_t>(bytes.size(), 64)] =
                        static_cast<std::uint8_t>(state >> 24);
                }
                const ImageProbe probe = probeImage(bytes);
                QVERIFY(probe.orientation >= 1 && probe.orientation <= 8);
                QVERIFY(probe.free_alpha_at < std::max<std::size_t>(bytes.size(), 1));
            }
        }
    }
};

QTEST_APPLESS_MAIN(FormatsTest)
#include "formats_test.moc"
