// Maps against object masks: projection, IoU, average precision, baselines; numbers worked out by
// hand.

#include <cmath>
#include <numeric>

#include <QTest>

#include "core/analysis/evaluation.h"
#include "core/base/error.h"
#include "core/nn/preprocess.h"

using namespace vitreous;

namespace {

/// A mask with a filled rectangle; right and bottom exclusive.
Mask rectangle(int width, int height, int left, int top, int right, int bottom) {
    Mask mask{width, height, std::vector<std::uint8_t>(std::size_t(width) * std::size_t(height))};
    for (int y = top; y < bottom; ++y) {
        for (int x = left; x < right; ++x) {
            mask.values[std::size_t(y) * std::size_t(width) + std::size_t(x)] = 255;
        }
    }
    return mask;
}

/// An input of that side, the picture as it is but for a centre crop.
PreprocessSpec cropOnly(int side) {
    PreprocessSpec spec;
    spec.crop_width = spec.crop_height = side;
    spec.resize = false;
    return spec;
}

PreprocessSpec resizedTo(int short_side, int side) {
    PreprocessSpec spec = cropOnly(side);
    spec.resize = true;
    spec.resize_short = short_side;
    return spec;
}

bool near(double a, double b) {
    return std::abs(a - b) < 1e-12;
}

ErrorCode codeOf(const std::function<void()>& work) {
    try {
        work();
    } catch (const Error& error) {
        return error.code();
    }
    return ErrorCode::Interrupted;
}

} // namespace

class EvaluationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void halfOfATokenIsForeground() {
        // Tokens of 4 pixels: the rectangle covers 8, 7, 16 and 14 of 16 pixels of the upper row's
        // first two and lower row's first two.
        const TokenGrid grid{2, 2};
        QCOMPARE(
            projectMask(rectangle(8, 8, 2, 0, 4, 4), cropOnly(8), grid), (TokenMask{1, 0, 0, 0}));
        Mask less = rectangle(8, 8, 2, 0, 4, 4);
        less.values[2] = 0;
        QCOMPARE(projectMask(less, cropOnly(8), grid), (TokenMask{0, 0, 0, 0}));
        QCOMPARE(
            projectMask(rectangle(8, 8, 3, 2, 8, 8), cropOnly(8), grid), (TokenMask{0, 1, 0, 1}));
        // Any value is object.
        less = rectangle(8, 8, 0, 0, 4, 4);
        for (std::uint8_t& value : less.values) {
            value = value != 0 ? 1 : 0;
        }
        QCOMPARE(projectMask(less, cropOnly(8), grid), (TokenMask{1, 0, 0, 0}));
    }

    void masksAreCroppedAsTheirPicture() {
        // 16 x 12 to the middle 8 x 8: 4 pixels off left and right, 2 off top and bottom.
        const TokenGrid grid{2, 2};
        QCOMPARE(
            projectMask(rectangle(16, 12, 8, 2, 16, 6), cropOnly(8), grid),
            (TokenMask{0, 1, 0, 0}));
        QCOMPARE(
            projectMask(rectangle(16, 12, 0, 0, 4, 12), cropOnly(8), grid),
            (TokenMask{0, 0, 0, 0}));
        // A smaller picture has margins around it: background.
        QCOMPARE(
            projectMask(rectangle(4, 4, 0, 0, 4, 4), cropOnly(8), TokenGrid{4, 4}),
            (TokenMask{0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0}));
    }

    void masksAreResizedAsTheirPicture() {
        // 6 x 3 to 8 x 4 and the middle 4 x 4: columns 1.5 to 4.5 of the mask, tokens of 1.5.
        const TokenGrid grid{2, 2};
        // The object begins in the middle of the picture: the second column's whole.
        QCOMPARE(
            projectMask(rectangle(6, 3, 3, 0, 6, 3), resizedTo(4, 4), grid),
            (TokenMask{0, 1, 0, 1}));
        // 1 of the first column's 1.5 pixels, in all rows but the last half of the second.
        QCOMPARE(
            projectMask(rectangle(6, 3, 2, 0, 3, 2), resizedTo(4, 4), grid),
            (TokenMask{1, 0, 0, 0}));
        // A fraction under one half: 0.5 of 1.5.
        QCOMPARE(
            projectMask(rectangle(6, 3, 1, 0, 2, 3), resizedTo(4, 4), grid),
            (TokenMask{0, 0, 0, 0}));
        PreprocessSpec squeezed = cropOnly(4);
        squeezed.resize = squeezed.resize_exact = true;
        squeezed.resize_width = squeezed.resize_height = 4;
        QCOMPARE(projectMask(rectangle(8, 2, 0, 0, 4, 1), squeezed, grid), (TokenMask{1, 0, 0, 0}));
    }

    void placementIsThatOfThePreprocessing() {
        // A white picture with black around it shows where it lies.
        for (const CropRule rule : {CropRule::Torchvision, CropRule::Transformers}) {
            for (const auto& [width, height] :
                 {std::pair(9, 5), std::pair(5, 12), std::pair(31, 8), std::pair(8, 8)}) {
                PreprocessSpec spec = cropOnly(10);
                spec.crop_rule = rule;
                const Placement place = placementOf(width, height, spec);
                QCOMPARE(place.width, width);
                const Image white{
                    width, height,
                    std::vector<std::uint8_t>(std::size_t(width) * std::size_t(height) * 3, 255)};
                const Image seen = preprocess(white, spec).picture;
                for (int y = 0; y < 10; ++y) {
                    for (int x = 0; x < 10; ++x) {
                        const bool inside = x >= place.left && x < place.left + place.width &&
                                            y >= place.top && y < place.top + place.height;
                        QCOMPARE(
                            int(seen.pixels[(std::size_t(y) * 10 + std::size_t(x)) * 3]),
                            inside ? 255 : 0);
                    }
                }
            }
        }
        QCOMPARE(placementOf(6, 3, resizedTo(4, 4)), (Placement{8, 4, -2, 0}));
    }

    void masksThatCannotBePreprocessedAreRefused() {
        QVERIFY(codeOf([] { projectMask({}, cropOnly(8), {2, 2}); }) == ErrorCode::Input);
        QVERIFY(codeOf([] {
                    projectMask(rectangle(3000, 1, 0, 0, 1, 1), resizedTo(8, 8), {2, 2});
                }) == ErrorCode::Input);
    }

    void mapsAreNormalised() {
        const std::vector<float> map = {2.0f, -2.0f, 0.0f, 6.0f};
        QCOMPARE(normalisedMap(map), (std::vector<double>{0.5, 0.0, 0.25, 1.0}));
        const std::vector<float> constant(3, 7.0f);
        QCOMPARE(normalisedMap(constant), (std::vector<double>{0.0, 0.0, 0.0}));
        for (const float bad : {NAN, INFINITY}) {
            const std::vector<float> broken = {1.0f, bad};
            QVERIFY(codeOf([&] { normalisedMap(broken); }) == ErrorCode::Model);
        }
    }

    void unionsAreCounted() {
        // Both 2, only one of them 3.
        QVERIFY(near(intersectionOverUnion({1, 1, 1, 0, 0, 0}, {1, 1, 0, 1, 1, 0}), 2.0 / 5.0));
        QCOMPARE(intersectionOverUnion({0, 0}, {1, 0}), 0.0);
        QCOMPARE(intersectionOverUnion({1, 0}, {1, 0}), 1.0);
        QCOMPARE(intersectionOverUnion({0, 0}, {0, 0}), 0.0);
    }

    void thresholdsAreStrict() {
        const std::vector<double> map = {1.0, 0.55, 0.3, 0.0};
        const auto iou = iouAtThresholds(map, {1, 1, 0, 0});
        // Three above 0.1 and 0.2; 0.3 is not above 0.3; one alone from 0.6 on.
        QVERIFY(near(iou[0], 2.0 / 3.0) && near(iou[1], 2.0 / 3.0));
        QVERIFY(near(iou[2], 1.0) && near(iou[4], 1.0));
        QVERIFY(near(iou[5], 0.5) && near(iou[8], 0.5));
    }

    void precisionIsAveraged() {
        // Ranks of the foreground 1, 3 and 4: (1 + 2/3 + 3/4) / 3.
        const std::vector<double> scores = {0.9, 0.8, 0.7, 0.6, 0.1};
        QVERIFY(near(*averagePrecision(scores, {1, 0, 1, 1, 0}), (1.0 + 2.0 / 3.0 + 0.75) / 3.0));
        QVERIFY(near(*averagePrecision(scores, {1, 1, 1, 0, 0}), 1.0));
        // The worst order: 1/4 and 2/5.
        QVERIFY(near(*averagePrecision(scores, {0, 0, 0, 1, 1}), (0.25 + 0.4) / 2.0));
        QVERIFY(!averagePrecision(scores, {0, 0, 0, 0, 0}));
    }

    void equalScoresAreOneStep() {
        // One alone, right; then three at once of which one is right: 1/2 * 1 + 1/2 * 2/4.
        const std::vector<double> scores = {0.5, 1.0, 0.5, 0.5};
        for (const TokenMask& truth : {TokenMask{1, 1, 0, 0}, TokenMask{0, 1, 0, 1}}) {
            QVERIFY(near(*averagePrecision(scores, truth), 0.75));
        }
        // All equal: the share of the foreground.
        QVERIFY(near(*averagePrecision(std::vector<double>(4, 0.0), {0, 0, 1, 0}), 0.25));
    }

    void headsAreSummed() {
        const Array attention{{2, 1, 3}, {1.0f, 2.0f, 3.0f, 10.0f, 20.0f, 30.0f}};
        QCOMPARE(sumOfHeads(attention), (std::vector<float>{11.0f, 22.0f, 33.0f}));
    }

    void scoresAreMeansOverImages() {
        MapScoreSum sum;
        QCOMPARE(sum.score().images, std::size_t{0});
        // Normalised as it is. Best at 0.3: 1; at 0.1: 2/3; from 0.5 on: 1/2.
        sum.add(std::vector<float>{1.0f, 0.5f, 0.3f, 0.0f}, {1, 1, 0, 0});
        // Raw values 0..10. Best from 0.8 on: 1; 1/2 from 0.5 on; at 0.4 and under: 1/3.
        sum.add(std::vector<float>{0.0f, 8.0f, 5.0f, 10.0f}, {0, 0, 0, 1});
        const MapScore score = sum.score();
        QCOMPARE(score.images, std::size_t{2});
        QVERIFY(near(score.iou_best_per_image, 1.0));
        QVERIFY(near(score.iou_at[0], (2.0 / 3.0 + 1.0 / 3.0) / 2.0));
        QVERIFY(near(score.iou_at[3], (1.0 + 1.0 / 3.0) / 2.0));
        QVERIFY(near(score.iou_at[4], (0.5 + 0.5) / 2.0));
        QVERIFY(near(score.iou_one_threshold, (0.5 + 1.0) / 2.0));
        QCOMPARE(score.threshold, 0.8);
        // Both rank their foreground first.
        QVERIFY(near(score.average_precision, 1.0));
    }

    void constantMapsFindNothing() {
        MapScoreSum sum;
        sum.add(std::vector<float>(4, 3.0f), {1, 0, 0, 0});
        QCOMPARE(sum.score().iou_best_per_image, 0.0);
        QCOMPARE(sum.score().iou_one_threshold, 0.0);
        QCOMPARE(sum.score().threshold, 0.1);
        QVERIFY(near(sum.score().average_precision, 0.25));
    }

    void truthHasToBeThere() {
        MapScoreSum sum;
        QVERIFY(codeOf([&] {
                    sum.add(std::vector<float>{1.0f, 2.0f}, {0, 0});
                }) == ErrorCode::Input);
        QVERIFY(codeOf([&] { sum.add(std::vector<float>{1.0f}, {1, 0}); }) == ErrorCode::Input);
        QCOMPARE(sum.score().images, std::size_t{0});
    }

    void onesAreTheShareOfTheForeground() {
        MapScoreSum sum;
        sum.addNormalised(std::vector<double>(8, 1.0), {1, 0, 0, 0, 0, 1, 0, 0});
        QVERIFY(near(sum.score().iou_best_per_image, 0.25));
        QVERIFY(near(sum.score().iou_one_threshold, 0.25));
        QVERIFY(near(sum.score().average_precision, 0.25));
    }

    void randomMapsAreUniformAndSeeded() {
        const TokenGrid grid{100, 100};
        const std::vector<float> map = uniformRandomMap(grid, 7, 3);
        QCOMPARE(map.size(), std::size_t{10000});
        QVERIFY(std::all_of(map.begin(), map.end(), [](float v) { return v >= 0.0f && v < 1.0f; }));
        const double mean = std::accumulate(map.begin(), map.end(), 0.0) / 10000.0;
        QVERIFY(std::abs(mean - 0.5) < 0.02);
        const auto below = std::count_if(map.begin(), map.end(), [](float v) { return v < 0.2f; });
        QVERIFY(std::abs(double(below) - 2000.0) < 200.0);
        QCOMPARE(uniformRandomMap(grid, 7, 3), map);
        QVERIFY(uniformRandomMap(grid, 7, 4) != map);
        QVERIFY(uniformRandomMap(grid, 8, 3) != map);
        // mt19937's seeding is the standard's: the same number everywhere.
        QCOMPARE(uniformRandomMap({1, 1}, 0, 0)[0], float(3623506) / 16777216.0f);
    }

    void gaussiansAreCentred() {
        const std::vector<float> odd = centredGaussianMap({3, 5});
        QCOMPARE(odd[7], 1.0f); // row 1, column 2
        QCOMPARE(odd[6], odd[8]);
        QCOMPARE(odd[2], odd[12]);
        // One column aside: 4/5 of a deviation; one row: 4/3.
        QVERIFY(std::abs(odd[8] - std::exp(-0.5 * 0.64)) < 1e-6);
        QVERIFY(std::abs(odd[12] - std::exp(-0.5 * 16.0 / 9.0)) < 1e-6);
        const std::vector<float> even = centredGaussianMap({2, 2});
        QCOMPARE(even, std::vector<float>(4, even[0]));
    }
};

QTEST_APPLESS_MAIN(EvaluationTest)
#include "evaluation_test.moc"
