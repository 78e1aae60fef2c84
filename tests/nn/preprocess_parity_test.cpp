#include <array>

#include <QTest>

#include "core/base/error.h"
#include "core/nn/preprocess.h"
#include "core/nn/resample.h"
#include "tests/support/pictures.h"

using namespace vitreous;

namespace {

/// What Pillow and torchvision make of formulaPicture(width, height): see make_preprocess_facts.py.
struct Fact {
    int width;
    int height;
    int channels;
    int resize_short; ///< 0: the exact size, or none at all where that is 0 too
    int exact_width;
    int exact_height;
    int crop_width;
    int crop_height;
    Filter filter;
    std::uint32_t picture_crc;
    std::uint32_t input_crc;
};

constexpr std::array kFacts = std::to_array<Fact>({
    {320, 240, 3, 73, 0, 0, 64, 64, Filter::Bicubic, 0x639d20f2U, 0x539d2e83U},
    {240, 320, 3, 73, 0, 0, 64, 64, Filter::Bicubic, 0x42d40e45U, 0x934908bfU},
    {101, 67, 3, 36, 0, 0, 32, 32, Filter::Bilinear, 0x2f3996abU, 0x7692280bU},
    {67, 101, 3, 37, 0, 0, 32, 32, Filter::Lanczos, 0xdebbd7ecU, 0x8b77bd9eU},
    {33, 33, 3, 33, 0, 0, 28, 28, Filter::Bicubic, 0x83072736U, 0xcb0499fcU},
    {51, 50, 3, 31, 0, 0, 30, 30, Filter::Nearest, 0xe77c7b2fU, 0x4bbd1cbeU},
    {120, 90, 3, 0, 48, 32, 48, 32, Filter::Bicubic, 0x34bd6429U, 0x444c9a1cU},
    {120, 90, 3, 0, 48, 32, 40, 30, Filter::Bilinear, 0x3c7f1992U, 0x43fddc25U},
    {40, 30, 3, 30, 0, 0, 48, 36, Filter::Bicubic, 0xd67060f3U, 0x1c0abad0U},
    {40, 30, 3, 24, 0, 0, 33, 20, Filter::Bicubic, 0x9afde226U, 0xeb147a3bU},
    {19, 45, 3, 0, 0, 0, 22, 22, Filter::Bicubic, 0x4e9bbffaU, 0x84c5e1a9U},
    {19, 45, 3, 0, 0, 0, 16, 50, Filter::Bicubic, 0x82ac99ebU, 0x9dfb93daU},
    {60, 44, 1, 0, 28, 28, 28, 28, Filter::Bicubic, 0x54540b5aU, 0x8f5a7d91U},
    {60, 44, 1, 32, 0, 0, 28, 28, Filter::Bilinear, 0x9c1825caU, 0xfdf427b0U},
    {500, 3, 3, 8, 0, 0, 8, 8, Filter::Bicubic, 0x8d6b09ffU, 0x67b1d749U},
});

PreprocessSpec specOf(const Fact& fact) {
    PreprocessSpec spec;
    spec.channels = fact.channels;
    spec.crop_width = fact.crop_width;
    spec.crop_height = fact.crop_height;
    spec.resize = fact.resize_short > 0 || fact.exact_width > 0;
    spec.resize_exact = fact.exact_width > 0;
    spec.resize_short = fact.resize_short;
    spec.resize_width = fact.exact_width;
    spec.resize_height = fact.exact_height;
    spec.filter = fact.filter;
    return spec;
}

} // namespace

class PreprocessParityTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsPillowAndTorchvision_data() {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < kFacts.size(); ++i) {
            const Fact& fact = kFacts[i];
            QTest::addRow(
                "%d: %dx%d, %d channels, to %dx%d", int(i), fact.width, fact.height, fact.channels,
                fact.crop_width, fact.crop_height)
                << int(i);
        }
    }
    void equalsPillowAndTorchvision() {
        QFETCH(int, index);
        const Fact& fact = kFacts.at(std::size_t(index));
        const PreparedInput prepared =
            preprocess(testing::formulaPicture(fact.width, fact.height), specOf(fact));
        QCOMPARE(prepared.picture.width, fact.crop_width);
        QCOMPARE(prepared.picture.height, fact.crop_height);
        QCOMPARE(
            prepared.input.shape,
            (std::vector<std::int64_t>{fact.channels, fact.crop_height, fact.crop_width}));
        QCOMPARE(testing::crc32(prepared.picture.pixels), fact.picture_crc);
        QCOMPARE(testing::crc32(prepared.input.values), fact.input_crc);
    }

    void resampledBytesInFull() {
        // Pillow 9.4 on formulaPicture(5, 4, 9).
        const Image picture = testing::formulaPicture(5, 4, 9);
        QCOMPARE(
            resample(picture, 3, 2, Filter::Bicubic).pixels,
            (std::vector<std::uint8_t>{
                93, 18, 66, 99, 54, 162, 168, 136, 122, 151, 67, 147, 100, 103, 144, 135, 185,
                119}));
        QCOMPARE(
            resample(picture, 2, 3, Filter::Lanczos).pixels,
            (std::vector<std::uint8_t>{
                62, 11, 98, 169, 98, 135, 139, 48, 117, 102, 135, 155, 120, 84, 162, 130, 171,
                115}));
        QVERIFY(resample(picture, 5, 4, Filter::Bicubic) == picture);
    }

    void scalesOtherThanBytesToUnit() {
        // A processor without rescaling and normalisation hands the bytes on.
        PreprocessSpec spec;
        spec.crop_width = spec.crop_height = 3;
        spec.resize = false;
        spec.scale = 1.0;
        spec.mean.fill(0.0f);
        spec.deviation.fill(1.0f);
        const PreparedInput prepared = preprocess(testing::formulaPicture(3, 3), spec);
        QCOMPARE(prepared.input.values[1], 7.0f);
        QVERIFY(fromTensor(prepared.input, spec) == prepared);
        spec.scale = 1.0 / 127.5;
        spec.mean.fill(1.0f);
        QCOMPARE(preprocess(testing::formulaPicture(3, 3), spec).input.values[0], -1.0f);
    }

    void tensorsOfOneChannelComeBackAsGray() {
        PreprocessSpec spec;
        spec.channels = 1;
        spec.crop_width = spec.crop_height = 12;
        spec.resize = false;
        const PreparedInput prepared = preprocess(testing::formulaPicture(12, 12), spec);
        QVERIFY(fromTensor(prepared.input, spec) == prepared);
    }

    void wrongTensorsAreDescribed() {
        PreprocessSpec spec;
        spec.crop_width = 5;
        spec.crop_height = 4;
        for (const Array& wrong :
             {Array{{3, 5, 4}, std::vector<float>(60)}, Array{{1, 4, 5}, std::vector<float>(20)},
              Array{{3, 4, 5}, std::vector<float>(59)}, Array{{}, {1.0f}}, Array{}}) {
            try {
                fromTensor(wrong, spec);
                QFAIL("it was taken");
            } catch (const Error& error) {
                QCOMPARE(error.code(), ErrorCode::Input);
                QVERIFY2(
                    std::string(error.what()).find("(3, 4, 5)") != std::string::npos, error.what());
            }
        }
        // What lies outside of the bytes is clipped in the picture, not in the input.
        Array loud{{3, 4, 5}, std::vector<float>(60, 1e9f)};
        loud.values[1] = -1e9f;
        const PreparedInput prepared = fromTensor(loud, spec);
        QVERIFY(prepared.input == loud);
        QCOMPARE(int(prepared.picture.pixels[0]), 255);
        QCOMPARE(int(prepared.picture.pixels[3]), 0);
    }

    void thinPicturesAreResizedOrRefused() {
        PreprocessSpec spec;
        spec.crop_width = spec.crop_height = 8;
        spec.resize_short = 9;
        QCOMPARE(preprocess(testing::formulaPicture(1000, 1), spec).picture.width, 8);
        try {
            preprocess(testing::formulaPicture(1, 1002), spec);
            QFAIL("it was resized");
        } catch (const Error& error) {
            QCOMPARE(error.code(), ErrorCode::Input);
            QVERIFY2(std::string(error.what()).find("1 x 1002") != std::string::npos, error.what());
        }
        // An exact size does not keep the aspect.
        spec.resize_exact = true;
        spec.resize_width = spec.resize_height = 8;
        QCOMPARE(preprocess(testing::formulaPicture(1, 2000), spec).picture.height, 8);
    }
};

QTEST_APPLESS_MAIN(PreprocessParityTest)
#include "preprocess_parity_test.moc"
