#include <limits>

#include <QTest>

#include "core/base/error.h"
#include "core/export/npz.h"
#include "core/media/image_file.h"
#include "core/nn/preprocess.h"
#include "tests/support/shared.h"

using namespace vitreous;

namespace {

/// A picture whose pixel (x, y) is (x, y, 9).
Image ramp(int width, int height) {
    Image image{width, height, {}};
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            image.pixels.insert(
                image.pixels.end(),
                {static_cast<std::uint8_t>(x), static_cast<std::uint8_t>(y), 9});
        }
    }
    return image;
}

PreprocessSpec cropOnly(int width, int height) {
    PreprocessSpec spec;
    spec.crop_width = width;
    spec.crop_height = height;
    spec.resize = false;
    return spec;
}

} // namespace

class PreprocessTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsTorchvisionToTheBit() {
        VITREOUS_NEEDS_SHARED();
        PreprocessSpec spec;
        spec.crop_width = spec.crop_height = 64;
        spec.resize_short = 73;
        const PreparedInput prepared =
            preprocess(readImage(VITREOUS_SHARED "/golden/image/scene.png"), spec);
        QCOMPARE(prepared.picture.width, 64);
        for (const auto& [name, array] : readNpz(VITREOUS_SHARED "/golden/image/vit.golden.npz")) {
            if (name == "input") {
                QCOMPARE(prepared.input.shape, array.shape);
                QVERIFY(prepared.input.values == array.values);
                return;
            }
        }
        QFAIL("the golden file has no input");
    }

    void cropsInTheMiddle_data() {
        QTest::addColumn<int>("size");
        QTest::addColumn<int>("crop");
        QTest::addColumn<int>("offset");
        // round() to even: 0.5 is 0, 1.5 is 2, 2.5 is 2.
        QTest::newRow("0.5") << 5 << 4 << 0;
        QTest::newRow("1.5") << 7 << 4 << 2;
        QTest::newRow("2.5") << 9 << 4 << 2;
        QTest::newRow("whole") << 8 << 4 << 2;
        QTest::newRow("none") << 4 << 4 << 0;
    }
    void cropsInTheMiddle() {
        QFETCH(int, size);
        QFETCH(int, crop);
        QFETCH(int, offset);
        const Image picture = preprocess(ramp(size, size), cropOnly(crop, crop)).picture;
        QCOMPARE(int(picture.pixels[0]), offset);
        QCOMPARE(int(picture.pixels[1]), offset);
    }

    void padsWhatIsSmallerThanTheCrop() {
        const Image picture = preprocess(ramp(3, 8), cropOnly(6, 4)).picture;
        QCOMPARE(picture.width, 6);
        // One black column before, two after, rows 2..5 of the picture.
        const std::vector<std::uint8_t> row(picture.pixels.begin(), picture.pixels.begin() + 18);
        QCOMPARE(
            row, (std::vector<std::uint8_t>{0, 0, 0, 0, 2, 9, 1, 2, 9, 2, 2, 9, 0, 0, 0, 0, 0, 0}));
    }

    void cropsAsTransformersDo() {
        PreprocessSpec spec = cropOnly(4, 4);
        spec.crop_rule = CropRule::Transformers;
        // (7 - 4) // 2 is 1; torchvision rounds 1.5 to 2.
        QCOMPARE(int(preprocess(ramp(7, 9), spec).picture.pixels[0]), 1);
        QCOMPARE(int(preprocess(ramp(7, 9), spec).picture.pixels[1]), 2);
        // The larger margin comes first: two black columns, then the picture, then one.
        spec.crop_width = 6;
        const Image picture = preprocess(ramp(3, 8), spec).picture;
        const std::vector<std::uint8_t> row(picture.pixels.begin(), picture.pixels.begin() + 18);
        QCOMPARE(
            row, (std::vector<std::uint8_t>{0, 0, 0, 0, 0, 0, 0, 2, 9, 1, 2, 9, 2, 2, 9, 0, 0, 0}));
    }

    void longSideIsFloored() {
        PreprocessSpec spec = cropOnly(73, 73);
        spec.resize = true;
        spec.resize_short = 73;
        // 320 x 240 becomes 97 x 73 (97.33 floored): the crop starts at 12.
        const Image whole = preprocess(ramp(200, 150), spec).picture;
        QCOMPARE(whole.width, 73);
        spec.crop_width = 97;
        QCOMPARE(preprocess(ramp(200, 150), spec).picture.pixels.size(), std::size_t(97 * 73 * 3));
        // Nothing was padded: the corners are no black margin.
        QVERIFY(preprocess(ramp(200, 150), spec).picture.pixels[97 * 3 - 3] > 190);
    }

    void grayIsLuma() {
        PreprocessSpec spec = cropOnly(1, 1);
        spec.channels = 1;
        spec.mean.fill(0.0f);
        spec.deviation.fill(1.0f);
        const PreparedInput prepared = preprocess(Image{1, 1, {200, 100, 50}}, spec);
        QCOMPARE(prepared.input.shape, (std::vector<std::int64_t>{1, 1, 1}));
        // Pillow: (200 * 19595 + 100 * 38470 + 50 * 7471 + 32768) >> 16 = 124.
        QCOMPARE(prepared.input.values[0], 124.0f / 255.0f);
        QCOMPARE(prepared.picture.pixels, (std::vector<std::uint8_t>{124, 124, 124}));
    }

    void tensorsComeBackAsPictures() {
        PreprocessSpec spec = cropOnly(4, 3);
        const PreparedInput prepared = preprocess(ramp(4, 3), spec);
        QVERIFY(fromTensor(prepared.input, spec) == prepared);
        Array wrong = prepared.input;
        wrong.shape = {3, 4, 3};
        QVERIFY_EXCEPTION_THROWN(fromTensor(wrong, spec), Error);
        wrong = prepared.input;
        for (const float value :
             {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
            wrong.values[0] = value;
            QVERIFY_EXCEPTION_THROWN(fromTensor(wrong, spec), Error);
        }
        wrong.values[0] = -1e30F;
        QCOMPARE(int(fromTensor(wrong, spec).picture.pixels[0]), 0);
    }

    void refusesWhatCannotBeResized() {
        PreprocessSpec spec;
        QVERIFY_EXCEPTION_THROWN(preprocess(Image{}, spec), Error);
        QVERIFY_EXCEPTION_THROWN(preprocess(ramp(4000, 2), spec), Error);
        spec.resize_short = 1 << 20;
        QVERIFY_EXCEPTION_THROWN(preprocess(ramp(40, 40), spec), Error);
        spec.resize_exact = true;
        spec.resize_width = spec.resize_height = 1 << 20;
        QVERIFY_EXCEPTION_THROWN(preprocess(ramp(40, 40), spec), Error);
    }
};

QTEST_APPLESS_MAIN(PreprocessTest)
#include "preprocess_test.moc"
