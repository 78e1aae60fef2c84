#include <array>

#include <QTest>

#include "core/base/error.h"
#include "core/nn/resample.h"

using namespace vitreous;

namespace {

/// What Pillow 9.4 makes of picture(width, height): see make_pillow_facts.py.
struct Fact {
    int width;
    int height;
    int to_width;
    int to_height;
    Filter filter;
    std::uint32_t crc;
};

constexpr std::array kFacts = std::to_array<Fact>({
    {64, 48, 32, 24, Filter::Nearest, 0x91ac5399U},
    {64, 48, 32, 24, Filter::Bilinear, 0x713a7f4aU},
    {64, 48, 32, 24, Filter::Bicubic, 0x149ba410U},
    {64, 48, 32, 24, Filter::Lanczos, 0x5f71d777U},
    {64, 48, 73, 97, Filter::Nearest, 0x56975576U},
    {64, 48, 73, 97, Filter::Bilinear, 0x6d08b54bU},
    {64, 48, 73, 97, Filter::Bicubic, 0xc64e4609U},
    {64, 48, 73, 97, Filter::Lanczos, 0xccd0691eU},
    {97, 53, 31, 17, Filter::Nearest, 0x56a97c44U},
    {97, 53, 31, 17, Filter::Bilinear, 0xe4824236U},
    {97, 53, 31, 17, Filter::Bicubic, 0xe66567fdU},
    {97, 53, 31, 17, Filter::Lanczos, 0xc3ba48b4U},
    {320, 240, 97, 73, Filter::Nearest, 0x2c74258fU},
    {320, 240, 97, 73, Filter::Bilinear, 0x46ab2c08U},
    {320, 240, 97, 73, Filter::Bicubic, 0x6f28248cU},
    {320, 240, 97, 73, Filter::Lanczos, 0x42f3f7daU},
    {5, 7, 11, 3, Filter::Nearest, 0xc827b91cU},
    {5, 7, 11, 3, Filter::Bilinear, 0x94c8e25aU},
    {5, 7, 11, 3, Filter::Bicubic, 0x4c58ca15U},
    {5, 7, 11, 3, Filter::Lanczos, 0xd71438acU},
    {1, 1, 4, 4, Filter::Nearest, 0xf288b395U},
    {1, 1, 4, 4, Filter::Bilinear, 0xf288b395U},
    {1, 1, 4, 4, Filter::Bicubic, 0xf288b395U},
    {1, 1, 4, 4, Filter::Lanczos, 0xf288b395U},
    {4, 4, 1, 1, Filter::Nearest, 0xef4247caU},
    {4, 4, 1, 1, Filter::Bilinear, 0xdb773e29U},
    {4, 4, 1, 1, Filter::Bicubic, 0xdb773e29U},
    {4, 4, 1, 1, Filter::Lanczos, 0xdb773e29U},
    {300, 2, 37, 5, Filter::Nearest, 0x7f848e73U},
    {300, 2, 37, 5, Filter::Bilinear, 0x0f5a849eU},
    {300, 2, 37, 5, Filter::Bicubic, 0xc0831d9bU},
    {300, 2, 37, 5, Filter::Lanczos, 0xf3de1ad3U},
    {640, 480, 298, 224, Filter::Nearest, 0x5b709f37U},
    {640, 480, 298, 224, Filter::Bilinear, 0xa37b9921U},
    {640, 480, 298, 224, Filter::Bicubic, 0xc86ffe8dU},
    {640, 480, 298, 224, Filter::Lanczos, 0xb66fe515U},
    {50, 50, 50, 25, Filter::Nearest, 0xdaf9ef0fU},
    {50, 50, 50, 25, Filter::Bilinear, 0x17ee9472U},
    {50, 50, 50, 25, Filter::Bicubic, 0xb0a6ec88U},
    {50, 50, 50, 25, Filter::Lanczos, 0x2e2ea965U},
    {50, 50, 25, 50, Filter::Nearest, 0xf51969d1U},
    {50, 50, 25, 50, Filter::Bilinear, 0x2efabd18U},
    {50, 50, 25, 50, Filter::Bicubic, 0xf9946a72U},
    {50, 50, 25, 50, Filter::Lanczos, 0x48ce0eaaU},
});

Image picture(int width, int height) {
    Image image{width, height, {}};
    for (std::int64_t y = 0; y < height; ++y) {
        for (std::int64_t x = 0; x < width; ++x) {
            for (const std::int64_t value :
                 {x * 7 + y * 13 + x * y, x * x + 3 * y, y * y * 5 + x * 11}) {
                image.pixels.push_back(static_cast<std::uint8_t>(value % 256));
            }
        }
    }
    return image;
}

std::uint32_t crcOf(const std::vector<std::uint8_t>& bytes) {
    std::uint32_t crc = ~0U;
    for (const std::uint8_t byte : bytes) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit) {
            crc = crc >> 1 ^ (crc & 1U ? 0xedb88320U : 0U);
        }
    }
    return ~crc;
}

} // namespace

class ResampleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsPillow_data() {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < kFacts.size(); ++i) {
            const Fact& fact = kFacts[i];
            QTest::addRow(
                "%dx%d to %dx%d, filter %d", fact.width, fact.height, fact.to_width, fact.to_height,
                int(fact.filter))
                << int(i);
        }
    }
    void equalsPillow() {
        QFETCH(int, index);
        const Fact& fact = kFacts.at(std::size_t(index));
        const Image image =
            resample(picture(fact.width, fact.height), fact.to_width, fact.to_height, fact.filter);
        QCOMPARE(image.width, fact.to_width);
        QCOMPARE(image.height, fact.to_height);
        QCOMPARE(crcOf(image.pixels), fact.crc);
    }

    void aPartIsThatOfTheWhole() {
        const Image image = picture(37, 29);
        const PixelBox box{5, 3, 11, 9};
        for (const Filter filter :
             {Filter::Nearest, Filter::Bilinear, Filter::Bicubic, Filter::Lanczos}) {
            // Smaller and larger, and with one side or both as they were.
            for (const auto& [width, height] :
                 {std::pair(20, 16), {80, 60}, {37, 16}, {20, 29}, {37, 29}}) {
                const Image whole = resample(image, width, height, filter);
                const Image part = resamplePart(image, width, height, filter, box);
                QCOMPARE(part.width, box.width);
                QCOMPARE(part.height, box.height);
                for (int y = 0; y < box.height; ++y) {
                    const auto* expected =
                        &whole.pixels.at(std::size_t(((y + box.top) * width + box.left) * 3));
                    QVERIFY(std::equal(
                        expected, expected + box.width * 3,
                        &part.pixels.at(std::size_t(y * box.width * 3))));
                }
            }
        }
        QVERIFY_EXCEPTION_THROWN(
            resamplePart(image, 20, 16, Filter::Bicubic, {15, 0, 6, 4}), Error);
    }

    void refusesEmptySizes() {
        QVERIFY_EXCEPTION_THROWN(resample(picture(4, 4), 0, 4, Filter::Bicubic), Error);
        QVERIFY_EXCEPTION_THROWN(resample(Image{}, 4, 4, Filter::Bicubic), Error);
    }
};

QTEST_APPLESS_MAIN(ResampleTest)
#include "resample_test.moc"
